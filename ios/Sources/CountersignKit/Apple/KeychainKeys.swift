#if canImport(Security)
    import Countersign
    import Foundation
    import Security

    /// Device keys in the keychain: P-256 in the Secure Enclave where there is one, RSA in software, since the enclave
    /// makes none. No key asks for the person: the same key signs each look for requests.
    public struct KeychainKeys: DeviceKeys {
        private static let prefix = "org.countersign.device-key."

        public init() {}

        public func create(_ request: KeyRequest) throws(KeyRefusal) -> Data {
            let key = try find(request.keyId) ?? make(request)
            guard let publicKey = SecKeyCopyPublicKey(key),
                let bytes = SecKeyCopyExternalRepresentation(publicKey, nil) as Data?
            else { throw KeyRefusal(.failed) }
            return bytes
        }

        public func sign(_ request: SignRequest) throws(KeyRefusal) -> Data {
            guard let key = try find(request.keyId) else { throw KeyRefusal(.gone) }
            var error: Unmanaged<CFError>?
            let signature = SecKeyCreateSignature(key, request.algorithm.forSigning, request.bytes as CFData, &error)
            guard let signature else { throw KeyRefusal(error?.takeRetainedValue()) }
            return signature as Data
        }

        public func delete(id: String) {
            SecItemDelete([kSecClass: kSecClassKey, kSecAttrApplicationTag: tag(id)] as CFDictionary)
        }

        public func isInHardware(id: String) -> Bool? {
            guard let key = try? find(id), let about = SecKeyCopyAttributes(key) as? [CFString: Any] else { return nil }
            return about[kSecAttrTokenID] as? String == kSecAttrTokenIDSecureEnclave as String
        }

        private func make(_ request: KeyRequest) throws(KeyRefusal) -> SecKey {
            switch request.algorithm {
            case .rs256(let bits): return try make(request, kSecAttrKeyTypeRSA, bits: Int(bits), inEnclave: false)
            case .es256:
                // The simulator has no enclave.
                if let key = try? make(request, kSecAttrKeyTypeECSECPrimeRandom, bits: 256, inEnclave: true) {
                    return key
                }
                return try make(request, kSecAttrKeyTypeECSECPrimeRandom, bits: 256, inEnclave: false)
            }
        }

        private func make(
            _ request: KeyRequest, _ type: CFString, bits: Int, inEnclave: Bool
        ) throws(KeyRefusal) -> SecKey {
            // Never in a backup: another phone gets keys of its own.
            let when =
                request.protection == .background
                ? kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly : kSecAttrAccessibleWhenUnlockedThisDeviceOnly
            let flags: SecAccessControlCreateFlags = inEnclave ? .privateKeyUsage : []
            guard let access = SecAccessControlCreateWithFlags(nil, when, flags, nil) else { throw KeyRefusal(.failed) }
            let kept: [CFString: Any] = [
                kSecAttrIsPermanent: true, kSecAttrApplicationTag: tag(request.keyId), kSecAttrAccessControl: access,
            ]
            var wanted: [CFString: Any] = [
                kSecAttrKeyType: type, kSecAttrKeySizeInBits: bits, kSecPrivateKeyAttrs: kept,
            ]
            if inEnclave { wanted[kSecAttrTokenID] = kSecAttrTokenIDSecureEnclave }
            var error: Unmanaged<CFError>?
            guard let key = SecKeyCreateRandomKey(wanted as CFDictionary, &error) else {
                throw KeyRefusal(error?.takeRetainedValue())
            }
            return key
        }

        private func find(_ id: String) throws(KeyRefusal) -> SecKey? {
            let query: [CFString: Any] = [
                kSecClass: kSecClassKey, kSecAttrApplicationTag: tag(id), kSecReturnRef: true,
            ]
            var found: CFTypeRef?
            switch SecItemCopyMatching(query as CFDictionary, &found) {
            case errSecSuccess: return (found as! SecKey)
            case errSecItemNotFound: return nil
            case errSecInteractionNotAllowed: throw KeyRefusal(.locked)
            default: throw KeyRefusal(.failed)
            }
        }

        private func tag(_ id: String) -> Data { Data((Self.prefix + id).utf8) }
    }

    extension KeyAlgorithm {
        fileprivate var forSigning: SecKeyAlgorithm {
            switch self {
            case .es256: .ecdsaSignatureMessageX962SHA256
            case .rs256: .rsaSignatureMessagePKCS1v15SHA256
            }
        }
    }

    extension KeyRefusal {
        fileprivate init(_ error: CFError?) {
            switch error.map(CFErrorGetCode) {
            case Int(errSecInteractionNotAllowed)?: self.init(.locked)
            case Int(errSecUserCanceled)?: self.init(.cancelled)
            default: self.init(.failed)
            }
        }
    }
#endif
