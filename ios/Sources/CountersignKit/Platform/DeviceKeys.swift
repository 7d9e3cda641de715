import Countersign
import Foundation

/// The key pairs with which the phone signs towards servers. Private halves never leave their store.
public protocol DeviceKeys: Sendable {
    /// Makes a key pair, or takes the one of that name. SubjectPublicKeyInfo, an uncompressed point or PKCS #1.
    func create(_ request: KeyRequest) throws(KeyRefusal) -> Data

    /// Signs with the key's own algorithm. ECDSA as DER or as r and s, RSA as it is.
    func sign(_ request: SignRequest) throws(KeyRefusal) -> Data

    /// Removes a key that no server knows any more; one that is not there doesn't matter.
    func delete(id: String)

    /// Whether the key lives in hardware that it can't be read out of; nothing where that is not known.
    func isInHardware(id: String) -> Bool?
}

/// Why a key store did not do it.
public struct KeyRefusal: Error, Equatable {
    public let failure: KeyFailure

    public init(_ failure: KeyFailure) {
        self.failure = failure
    }
}
