import Countersign
import Foundation
import Observation

public struct FirstRunState: Equatable, Sendable {
    public enum Page: Equatable, Sendable {
        case welcome, lock, password
        case recovery(RecoveryPage)
        /// Where backups shall live.
        case backup
        case ready
    }

    public var page = Page.welcome
    public var hasDeviceLock = false
    public var isWorking = false
    public var passwordsDiffer = false
    public var trouble: Trouble?
}

/// The first run: what this is, how the vault is opened, the recovery code with a check that it was written down, and
/// where backups shall live.
@MainActor @Observable public final class FirstRunModel {
    public enum Event {
        case begin, useDeviceLock, choosePassword
        /// From the password to the other ways.
        case back
        case usePassword(String, again: String)
        case recovery(RecoveryEvent)
        /// Backups are seen to, or later.
        case backupsDone
    }

    public private(set) var state = FirstRunState()
    /// For the page about backups.
    public private(set) var backups: BackupModel?
    private let platform: Platform
    private let done: @MainActor (Authenticator, Start?) async -> Void
    private var created: Created?
    private var paper: RecoveryCheck?

    public init(_ platform: Platform, done: @escaping @MainActor (Authenticator, Start?) async -> Void) {
        (self.platform, self.done) = (platform, done)
        state.hasDeviceLock = platform.appLock.isAvailable
    }

    public func handle(_ event: Event) async {
        state.trouble = nil
        switch event {
        case .begin: state.page = .lock
        case .choosePassword: state.page = .password
        case .back: (state.page, state.passwordsDiffer) = (.lock, false)
        case .useDeviceLock: await make { [platform] in try platform.createWithDeviceLock() }
        case .usePassword(let password, let again):
            state.passwordsDiffer = password != again
            guard !state.passwordsDiffer else { return }
            await make { [platform] in
                var bytes = Data(password.utf8)
                defer { bytes.wipe() }
                return try createWithPassword(
                    path: platform.vaultPath, password: bytes, recovery: true, now: platform.time.now())
            }
        case .recovery(let event): await recovery(event)
        case .backupsDone: state.page = .ready
        }
    }

    /// The vault is there and its code is on paper: what the person begins with.
    public func finish(_ start: Start? = nil) async {
        guard let created else { return }
        await done(created.authenticator, start)
    }

    private func make(_ work: @escaping @Sendable () throws -> Created) async {
        guard !state.isWorking, created == nil else { return }
        state.isWorking = true
        defer { state.isWorking = false }
        do {
            let created = try await Task.detached { [platform] in
                let created = try work()
                try created.authenticator.paperIsNeeded(now: platform.time.now())
                return created
            }.value
            self.created = created
            paper = created.recoveryCode.map(RecoveryCheck.init)
            if let paper { state.page = .recovery(paper.page) }
        } catch {
            state.trouble = Trouble(error)
        }
    }

    private func recovery(_ event: RecoveryEvent) async {
        guard case .recovery = state.page, let isRight = paper?.handle(event), let paper else { return }
        state.page = .recovery(paper.page)
        guard isRight, let core = created?.authenticator else { return }
        let phone = Phone(core, platform)
        if let trouble = await Trouble.of({ try await phone.change { try $0.paperIsRight(now: $1) } }) {
            state.trouble = trouble
            return
        }
        let backups = BackupModel(phone, why: Words.of(platform)("backup.title"))
        await backups.handle(.load)
        (self.backups, state.page) = (backups, .backup)
    }
}

extension Platform {
    /// Makes a vault that 32 random bytes open, which the device's lock keeps.
    func createWithDeviceLock() throws -> Created {
        var key = Data.random(count: 32)
        defer { key.wipe() }
        // First the key: a vault whose key was not kept could be opened by its recovery code only.
        try secrets.write(key, as: .platformKey)
        return try createWithPlatform(path: vaultPath, key: key, now: time.now())
    }
}

extension Data {
    /// From the system's generator.
    static func random(count: Int) -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
