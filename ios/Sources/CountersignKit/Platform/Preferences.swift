import Foundation

/// What the person has set. Nothing secret: some of it is needed before the vault is open.
public struct Preferences: Sendable, Equatable, Codable {
    /// Seconds from when the person has left the app until the vault locks; none: never.
    public var graceSeconds: UInt64? = 30
    public var hidesCodes = false
    public var namesInNotifications = false
    public var checksInBackground = false
    /// None: the system's.
    public var language: Language?
    /// A recovery code of backups was made, and its paper was not checked. None: neither.
    public var backupCodeUnchecked: Bool?

    public init() {}

    public static let graces: [UInt64?] = [0, 30, 120, 600, nil]
}

/// Preferences in the system's place for them.
public struct DefaultsPreferences: PreferenceStore {
    private static let key = "preferences"

    public init() {}

    public func load() -> Preferences {
        UserDefaults.standard.data(forKey: Self.key)
            .flatMap { try? JSONDecoder().decode(Preferences.self, from: $0) } ?? Preferences()
    }

    public func save(_ preferences: Preferences) {
        UserDefaults.standard.set(try? JSONEncoder().encode(preferences), forKey: Self.key)
    }
}
