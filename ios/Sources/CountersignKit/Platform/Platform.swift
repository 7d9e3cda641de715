import Countersign
import Foundation

/// Everything that a phone has and the core has not, each behind a small interface.
public struct Platform: Sendable {
    public var vaultPath: String
    /// What the server's account page calls this phone.
    public var deviceLabel: String
    /// Plain HTTP to this machine: for tests and the simulator.
    public var allowPlainHttp = false
    public var time: any TimeSource
    public var sender: any HttpSender
    public var deviceKeys: any DeviceKeys
    public var secrets: any SecretStore
    public var appLock: any AppLock
    public var clipboard: any Clipboard
    public var notifications: any Notifications
    public var camera: any Camera
    public var backgroundRefresh: any BackgroundRefresh
    public var preferences: any PreferenceStore
    public var folders: any ChosenFolders
    public var printer: any PagePrinter

    public init(
        vaultPath: String, deviceLabel: String, time: any TimeSource, sender: any HttpSender,
        deviceKeys: any DeviceKeys, secrets: any SecretStore, appLock: any AppLock, clipboard: any Clipboard,
        notifications: any Notifications, camera: any Camera, backgroundRefresh: any BackgroundRefresh,
        preferences: any PreferenceStore, folders: any ChosenFolders, printer: any PagePrinter
    ) {
        (self.vaultPath, self.deviceLabel, self.time, self.sender) = (vaultPath, deviceLabel, time, sender)
        (self.deviceKeys, self.secrets, self.appLock, self.clipboard) = (deviceKeys, secrets, appLock, clipboard)
        (self.notifications, self.camera) = (notifications, camera)
        (self.backgroundRefresh, self.preferences) = (backgroundRefresh, preferences)
        (self.folders, self.printer) = (folders, printer)
    }
}

/// What the app keeps outside its vault.
public enum StoredSecret: String, Sendable, CaseIterable {
    /// The vault's 32 bytes of the device lock: read only after the person was checked.
    case platformKey
    /// What background checks open: readable also while the device is locked.
    case watchKey
    /// The state of the vault that was seen last: an older copy of the file is noticed by it.
    case head
}

public protocol SecretStore: Sendable {
    /// Nothing where there is none, or none any more. Fails with `presenceRefused` where the person turned away or was
    /// not recognised.
    func read(_ secret: StoredSecret) async throws -> Data?
    func write(_ value: Data, as secret: StoredSecret) throws
    func remove(_ secret: StoredSecret)
}

/// The device's own lock: face, finger or passcode.
public protocol AppLock: Sendable {
    var isAvailable: Bool { get }
    /// Whether the person who holds the phone is its owner. `why` is shown.
    func confirm(_ why: String) async -> Bool
}

public protocol Clipboard: Sendable {
    /// Puts a code there, marked as such, on this device only, and takes it away after so many seconds.
    func copyCode(_ code: String, forSeconds seconds: Int)
    func copy(_ text: String)
    func text() async -> String?
}

public protocol Notifications: Sendable {
    func isAllowed() async -> Bool
    func ask() async -> Bool
    func show(id: String, title: String, body: String) async
    /// Takes away what was shown.
    func removeAll()
}

public enum CameraPermission: Sendable, Equatable {
    case allowed, refused, notAsked
}

/// A picture of the camera as brightness alone.
public struct LumaFrame: Sendable {
    public let luma: Data
    public let width: UInt32
    public let height: UInt32
    /// Bytes from one row to the next.
    public let stride: UInt32

    public init(luma: Data, width: UInt32, height: UInt32, stride: UInt32) {
        (self.luma, self.width, self.height, self.stride) = (luma, width, height, stride)
    }
}

public protocol Camera: Sendable {
    var permission: CameraPermission { get }
    func ask() async -> CameraPermission
    /// The newest frame at each read, until the task that reads is cancelled.
    func frames() -> AsyncStream<LumaFrame>
    /// A frame as a picture file, for what is read from files only.
    func picture(of frame: LumaFrame) -> Data?
}

public protocol BackgroundRefresh: Sendable {
    /// Whether the system lets this app run in the background at all.
    var isAllowed: Bool { get }
    func schedule()
    func cancel()
}

public protocol PreferenceStore: Sendable {
    func load() -> Preferences
    func save(_ preferences: Preferences)
}
