import Countersign
import CountersignKit
import Foundation

/// A value that several threads use.
public final class Box<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var content: Value

    public init(_ value: Value) { content = value }

    public var value: Value {
        get { lock.withLock { content } }
        set { lock.withLock { content = newValue } }
    }

    public func change<T>(_ work: (inout Value) -> T) -> T { lock.withLock { work(&content) } }
}

/// The two clocks, set by hand; sleeping sets them forward.
public final class FakeTime: TimeSource {
    private let ms: Box<UInt64>
    private let start: Now

    public init(_ start: Now = TestSupport.now()) {
        (self.start, ms) = (start, Box(0))
    }

    public func now() -> Now {
        Now(wall: start.wall + UnixTime(ms.value / 1000), steadyMs: start.steadyMs + ms.value)
    }

    public func sleep(ms: UInt64) async throws {
        try Task.checkCancellation()
        pass(ms: ms)
    }

    public func pass(ms passed: UInt64) { ms.change { $0 += passed } }
}

public final class FakeSecrets: SecretStore {
    public let stored = Box<[StoredSecret: Data]>([:])
    /// Whether the person is recognised when the platform's key is read.
    public let recognises = Box(true)

    public init() {}

    public func read(_ secret: StoredSecret) async throws -> Data? {
        guard let value = stored.value[secret] else { return nil }
        if secret == .platformKey, !recognises.value { throw Trouble.reason(.presenceRefused) }
        return value
    }

    public func write(_ value: Data, as secret: StoredSecret) { stored.change { $0[secret] = value } }
    public func remove(_ secret: StoredSecret) { stored.change { $0[secret] = nil } }
}

public final class FakeLock: AppLock {
    public let isAvailable: Bool
    public let answers = Box(true)
    public let asked = Box(0)
    /// What happens while it asks.
    public let asking = Box<@Sendable () async -> Void>({})

    public init(isAvailable: Bool = true) { self.isAvailable = isAvailable }

    public func confirm(_ why: String) async -> Bool {
        asked.change { $0 += 1 }
        await asking.value()
        return answers.value
    }
}

public final class FakeClipboard: Clipboard {
    public let copied = Box<(text: String, seconds: Int?)?>(nil)

    public init() {}

    public func copyCode(_ code: String, forSeconds seconds: Int) { copied.value = (code, seconds) }
    public func copy(_ text: String) { copied.value = (text, nil) }
    public func text() async -> String? { copied.value?.text }
}

public final class FakeNotifications: Notifications {
    public let shown = Box<[String]>([])
    public let allowed = Box(true)

    public init() {}

    public func isAllowed() async -> Bool { allowed.value }
    public func ask() async -> Bool { allowed.value }
    public func show(id: String, title: String, body: String) async { shown.change { $0.append(title + "|" + body) } }
    public func removeAll() { shown.value = [] }
}

public final class FakeCamera: Camera {
    public let permission: CameraPermission
    private let asked: CameraPermission

    public init(_ permission: CameraPermission = .allowed, asked: CameraPermission = .allowed) {
        (self.permission, self.asked) = (permission, asked)
    }

    public func ask() async -> CameraPermission { asked }
    public func frames() -> AsyncStream<LumaFrame> { AsyncStream { $0.finish() } }
    /// What a frame becomes as a file, where a test wants one.
    public let picture = Box<Data?>(nil)
    public func picture(of frame: LumaFrame) -> Data? { picture.value }
}

/// Folders are found again by their paths.
public struct PathFolders: ChosenFolders {
    public init() {}

    public func keep(_ folder: URL) -> String { folder.path }

    public func use<T>(_ kept: String, _ work: (URL) throws -> T) throws -> T {
        guard FileManager.default.fileExists(atPath: kept) else { throw Trouble.file(.folderGone) }
        return try work(URL(fileURLWithPath: kept))
    }
}

public final class FakePrinter: PagePrinter {
    public let printed = Box<[String]>([])
    public let works = Box(true)

    public init() {}

    public func print(_ page: Data, title: String) async throws -> Bool {
        guard works.value else { throw Trouble.file(.unprintable) }
        printed.change { $0.append(String(decoding: page, as: UTF8.self)) }
        return true
    }
}

public final class FakeRefresh: BackgroundRefresh {
    public let isAllowed = true
    public let isScheduled = Box(false)

    public init() {}

    public func schedule() { isScheduled.value = true }
    public func cancel() { isScheduled.value = false }
}

public final class FakePreferences: PreferenceStore {
    private let kept = Box(Preferences())

    public init() {}

    public func load() -> Preferences { kept.value }
    public func save(_ preferences: Preferences) { kept.value = preferences }
}

/// Sends nothing; every request comes to this.
public struct DeadNetwork: HttpSender {
    let failure: NetworkFailure
    public init(_ failure: NetworkFailure = .offline) { self.failure = failure }
    public func send(_ request: HttpRequest) async -> Event { .noReply(failure: failure) }
}

/// A sender that can be taken off the network.
public final class Network: HttpSender {
    public let isOn = Box(true)
    /// What becomes of the next requests, instead of being sent.
    public let failures = Box<[NetworkFailure]>([])
    /// With what every server replies, instead of its own answer.
    public let status = Box<UInt32?>(nil)
    public let sent = Box(0)
    /// What happens before a request is sent.
    public let sending = Box<@Sendable () -> Void>({})
    /// What happens between a reply and its arrival.
    public let replied = Box<@Sendable () async -> Void>({})
    /// What a reply to a request has become when it arrives.
    public let changed = Box<@Sendable (HttpRequest, Event) -> Event>({ $1 })
    private let sender = URLSessionSender()

    public init() {}

    public func send(_ request: HttpRequest) async -> Event {
        sent.change { $0 += 1 }
        sending.value()
        if let failure = failures.change({ $0.popLast() }) { return .noReply(failure: failure) }
        guard isOn.value else { return .noReply(failure: .offline) }
        if let status = status.value { return .reply(reply: HttpReply(status: status, headers: [], body: Data())) }
        let reply = changed.value(request, await sender.send(request))
        await replied.value()
        return reply
    }
}

/// A phone of which everything is at hand.
public final class FakeDevice: Sendable {
    public let time: FakeTime
    public let secrets = FakeSecrets()
    public let lock = FakeLock()
    public let clipboard = FakeClipboard()
    public let notifications = FakeNotifications()
    public let refresh = FakeRefresh()
    public let preferences = FakePreferences()
    public let printer = FakePrinter()
    public let network = Network()
    public let keys: SoftwareKeys

    public init(keys: SoftwareKeys = SoftwareKeys(), time: FakeTime = FakeTime()) {
        (self.keys, self.time) = (keys, time)
    }

    public func platform(_ path: String, camera: any Camera = FakeCamera()) -> Platform {
        var platform = Platform(
            vaultPath: path, deviceLabel: "Test phone", time: time, sender: network, deviceKeys: keys,
            secrets: secrets, appLock: lock, clipboard: clipboard, notifications: notifications, camera: camera,
            backgroundRefresh: refresh, preferences: preferences, folders: PathFolders(), printer: printer)
        platform.allowPlainHttp = true
        return platform
    }
}

/// Waits until something is so; false after five seconds.
@MainActor public func eventually(_ isSo: @MainActor () -> Bool) async -> Bool {
    for _ in 0..<500 {
        if isSo() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return isSo()
}

/// Something was otherwise than the test needs it.
public struct Missing: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
