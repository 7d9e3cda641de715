import Countersign
import CountersignKit
import Foundation

/// Device keys for tests: a small program of the repository keeps them and signs.
public final class SoftwareKeys: DeviceKeys, @unchecked Sendable {
    private let lock = NSLock()
    private let program = Program(["python3", "-u", repository + "/ios/Tests/Support/signer.py"])
    private var known: Set<String> = []
    /// What a key store would refuse with, where a test wants that.
    public var failure: KeyFailure?

    public init() {}

    /// The names of the keys that were made and not deleted.
    public var ids: Set<String> { lock.withLock { known } }

    public func create(_ request: KeyRequest) throws(KeyRefusal) -> Data {
        try refuseIfAsked()
        return lock.withLock {
            known.insert(request.keyId)
            return Data(hex: program.ask("create \(request.keyId)"))
        }
    }

    public func sign(_ request: SignRequest) throws(KeyRefusal) -> Data {
        try refuseIfAsked()
        let signature: Data? = lock.withLock {
            guard known.contains(request.keyId) else { return nil }
            return Data(hex: program.ask("sign \(request.keyId) \(request.bytes.hex)"))
        }
        guard let signature else { throw KeyRefusal(.gone) }
        return signature
    }

    public func delete(id: String) {
        lock.withLock { _ = known.remove(id) }
    }

    public func isInHardware(id: String) -> Bool? { false }

    private func refuseIfAsked() throws(KeyRefusal) {
        if let failure = lock.withLock({ failure }) { throw KeyRefusal(failure) }
    }
}

extension Data {
    public init(hex: String) {
        let digits = Array(hex.utf8)
        self.init((0..<digits.count / 2).compactMap { UInt8(hex.dropFirst($0 * 2).prefix(2), radix: 16) })
    }

    public var hex: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
