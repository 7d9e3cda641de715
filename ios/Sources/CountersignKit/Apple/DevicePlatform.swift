#if canImport(UIKit) && canImport(AVFoundation) && canImport(BackgroundTasks)
    import Foundation
    import UIKit

    extension Platform {
        /// This phone.
        @MainActor public static func device() throws -> Platform {
            Platform(
                vaultPath: try vaultFolder().appendingPathComponent("vault.db").path,
                deviceLabel: UIDevice.current.model, time: SystemTime(), sender: URLSessionSender(),
                deviceKeys: KeychainKeys(), secrets: KeychainSecrets(), appLock: DeviceAppLock(),
                clipboard: DeviceClipboard(), notifications: DeviceNotifications(), camera: DeviceCamera(),
                backgroundRefresh: DeviceRefresh(), preferences: DefaultsPreferences(), folders: DeviceFolders(),
                printer: DevicePrinter())
        }

        /// Readable after the first unlocking, for background checks, and left out of the system's backup: a copy
        /// there would come back older than the vault that servers know.
        private static func vaultFolder() throws -> URL {
            let support = try FileManager.default.url(
                for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
            var folder = support.appendingPathComponent("vault", isDirectory: true)
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            try folder.setResourceValues(values)
            return folder
        }
    }
#endif
