#if canImport(Security)
    import Foundation
    import Security

    /// What the app keeps outside its vault, in the keychain of this device alone. The vault's key is given out by
    /// the system only after it has recognised the person; it is gone when the passcode is taken off.
    public struct KeychainSecrets: SecretStore {
        private static let service = "org.countersign.vault"

        public init() {}

        public func read(_ secret: StoredSecret) async throws -> Data? {
            // The call waits while the system asks for the person.
            try await Task.detached {
                var query = item(secret)
                query[kSecReturnData] = true
                var found: CFTypeRef?
                switch SecItemCopyMatching(query as CFDictionary, &found) {
                case errSecSuccess: return found as? Data
                case errSecItemNotFound: return nil
                case errSecUserCanceled, errSecAuthFailed: throw Trouble.reason(.presenceRefused)
                default: throw Trouble.reason(.systemFailed)
                }
            }.value
        }

        public func write(_ value: Data, as secret: StoredSecret) throws {
            SecItemDelete(item(secret) as CFDictionary)
            var new = item(secret)
            new[kSecValueData] = value
            if secret == .platformKey {
                new[kSecAttrAccessControl] = SecAccessControlCreateWithFlags(
                    nil, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, .userPresence, nil)
            } else {
                new[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            }
            guard SecItemAdd(new as CFDictionary, nil) == errSecSuccess else { throw Trouble.reason(.systemFailed) }
        }

        public func remove(_ secret: StoredSecret) {
            SecItemDelete(item(secret) as CFDictionary)
        }

        private func item(_ secret: StoredSecret) -> [CFString: Any] {
            [
                kSecClass: kSecClassGenericPassword, kSecAttrService: Self.service, kSecAttrAccount: secret.rawValue,
                kSecAttrSynchronizable: false, kSecUseDataProtectionKeychain: true,
            ]
        }
    }
#endif
