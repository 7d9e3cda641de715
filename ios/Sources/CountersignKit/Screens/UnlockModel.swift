import Countersign
import Foundation
import Observation

public struct UnlockState: Equatable, Sendable {
    public var ways: [Way] = []
    public var way = Way.platform
    public var isWorking = false
    /// The file is older than the one that was seen last: the person chooses.
    public var isOlder = false
    /// A sign-in waits, as a notification said.
    public var requestWaits = false
    public var trouble: Trouble?
}

/// Opens the vault by one of its ways in.
@MainActor @Observable public final class UnlockModel {
    public enum Event {
        case show(Way)
        case device
        case password(String)
        case recoveryCode(String)
        case openOlder
    }

    public private(set) var state = UnlockState()
    private let core: Authenticator
    private let platform: Platform
    private let done: @MainActor (Authenticator) async -> Void
    private var opened: OpenedWay?

    public init(
        _ core: Authenticator, _ platform: Platform, requestWaits: Bool = false,
        done: @escaping @MainActor (Authenticator) async -> Void
    ) {
        (self.core, self.platform, self.done) = (core, platform, done)
        state.requestWaits = requestWaits
        state.ways = (try? core.ways()) ?? []
        state.way = state.ways.contains(.platform) ? .platform : state.ways.contains(.password) ? .password : .recovery
    }

    public func handle(_ event: Event) async {
        guard !state.isWorking else { return }
        state.isWorking = true
        state.trouble = nil
        defer { state.isWorking = false }
        switch event {
        case .show(let way): state.way = way
        case .device: await byDevice()
        case .password(let text): await open(text) { try $0.openByPassword(password: $1) }
        case .recoveryCode(let text): await open(text) { try $0.openByRecoveryCode(typed: $1) }
        case .openOlder: await openOlder()
        }
    }

    private func byDevice() async {
        do {
            guard var key = try await platform.secrets.read(.platformKey) else {
                throw CountersignError.PlatformKeyGone
            }
            defer { key.wipe() }
            await unlock { [key] in try $0.openByPlatform(key: key) }
        } catch Trouble.reason(.presenceRefused) {
            // The person turned away, and knows: the screen stays as it is.
        } catch {
            state.trouble = Trouble(error)
        }
        if state.trouble == .reason(.platformKeyGone) {
            // What the device kept opens nothing any more: on to the next way.
            state.way = state.ways.first { $0 != .platform } ?? .platform
        }
    }

    /// The head that was seen last, where there is one that can be read.
    private func knownHead() async -> Head? {
        (try? await platform.secrets.read(.head)).flatMap(Head.init(stored:))
    }

    private func open(_ text: String, _ way: @escaping @Sendable (Authenticator, Data) throws -> OpenedWay) async {
        await unlock {
            var bytes = Data(text.utf8)
            defer { bytes.wipe() }
            return try way($0, bytes)
        }
    }

    private func unlock(_ way: @escaping @Sendable (Authenticator) throws -> OpenedWay) async {
        let known = await knownHead()
        await finish { core, now in
            let opened = try way(core)
            return (opened, try core.unlock(opened: opened, known: known, now: now))
        }
    }

    private func openOlder() async {
        guard let opened, let known = await knownHead() else { return }
        await finish { core, now in (opened, try core.unlockOlder(opened: opened, known: known, now: now)) }
    }

    private func finish(_ work: @escaping @Sendable (Authenticator, Now) throws -> (OpenedWay, Finding)) async {
        do {
            let (opened, finding) = try await Task.detached { [core, platform] in
                try work(core, platform.time.now())
            }.value
            if case .rolledBack = finding {
                (self.opened, state.isOlder) = (opened, true)
                state.trouble = .reason(.rolledBack)
            } else {
                // The key of the way in is not held any longer than it is needed.
                (self.opened, state.isOlder) = (nil, false)
                await done(core)
            }
        } catch {
            state.trouble = Trouble(error)
        }
    }
}
