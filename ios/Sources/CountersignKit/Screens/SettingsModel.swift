import Countersign
import Foundation
import Observation

public struct SettingsState: Equatable, Sendable {
    public enum Notice: Equatable, Sendable { case passwordSet, recoveryMade, recoveryRight, reportCopied }

    public var preferences = Preferences()
    public var ways: [Way] = []
    public var hasDeviceLock = false
    public var notificationsAllowed = false
    /// They were asked for and refused: from then on only the system's settings allow them.
    public var notificationsRefused = false
    public var backgroundAllowed = false
    /// Of a new recovery code, until its paper was checked.
    public var recovery: RecoveryPage?
    /// The paper with the recovery code was never checked: perhaps there is none.
    public var paperIsUnchecked = false
    /// Seconds that this phone's clock is ahead of the server that differs most; none: no server has told the time yet.
    public var secondsAhead: Int64?
    public var report = ""
    public var passwordsDiffer = false
    /// A password is asked for that opens the vault in place of the device lock.
    public var replacesDeviceLock = false
    public var isWorking = false
    public var notice: Notice?
    public var trouble: Trouble?
}

/// The settings, each change in force at once.
@MainActor @Observable public final class SettingsModel {
    public enum Event {
        case load
        case grace(UInt64?)
        case hideCodes(Bool)
        case names(Bool)
        case language(Language?)
        case background(Bool)
        case allowNotifications
        case deviceLock(Bool)
        case password(String, again: String)
        /// No password after all.
        case leavePassword
        case newRecoveryCode, leaveRecovery
        case recovery(RecoveryEvent)
        /// The whole code of an older paper.
        case checkRecoveryCode(String)
        case copyReport
    }

    public private(set) var state = SettingsState()
    private let phone: Phone
    private let why: String
    private var paper: RecoveryCheck?

    /// `why` is shown where the person is checked.
    public init(_ phone: Phone, why: String) {
        (self.phone, self.why) = (phone, why)
        state.preferences = phone.platform.preferences.load()
        state.hasDeviceLock = phone.platform.appLock.isAvailable
        state.backgroundAllowed = phone.platform.backgroundRefresh.isAllowed
    }

    /// Of all accounts.
    public var history: HistoryModel { HistoryModel(phone) }

    public var clocks: ClocksModel { ClocksModel(phone) }

    public func handle(_ event: Event) async {
        (state.trouble, state.notice) = (nil, nil)
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    /// The person is back, perhaps from the system's settings.
    public func seenAgain() async { state.notificationsAllowed = await phone.platform.notifications.isAllowed() }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: try await load()
        case .grace(let seconds): save { $0.graceSeconds = seconds }
        case .hideCodes(let hides): save { $0.hidesCodes = hides }
        case .names(let shown): save { $0.namesInNotifications = shown }
        case .language(let language): save { $0.language = language }
        case .background(let on): try await background(on)
        case .allowNotifications: await askForNotifications()
        case .deviceLock(let on): try await deviceLock(on)
        case .password(let password, let again): try await setPassword(password, again)
        case .leavePassword: (state.replacesDeviceLock, state.passwordsDiffer) = (false, false)
        case .newRecoveryCode: try await newRecoveryCode()
        case .leaveRecovery: (paper, state.recovery) = (nil, nil)
        case .recovery(let event): try await recovery(event)
        case .checkRecoveryCode(let typed): try await checkRecoveryCode(typed)
        case .copyReport:
            phone.platform.clipboard.copy(state.report)
            state.notice = .reportCopied
        }
    }

    private func load() async throws {
        let offset: Int64?
        (state.ways, state.paperIsUnchecked, offset) = try await phone.read { core, now in
            (try core.ways(), try core.paperIsUnchecked(now: now), try core.clockOffset(now: now))
        }
        state.secondsAhead = offset.map { -$0 }
        state.notificationsAllowed = await phone.platform.notifications.isAllowed()
        state.report = try await report()
    }

    private func save(_ change: (inout Preferences) -> Void) {
        change(&state.preferences)
        phone.platform.preferences.save(state.preferences)
    }

    private func background(_ on: Bool) async throws {
        if on {
            try await phone.keepWatchKey()
            await askForNotifications()
            phone.platform.backgroundRefresh.schedule()
        } else {
            phone.platform.backgroundRefresh.cancel()
            phone.platform.secrets.remove(.watchKey)
        }
        save { $0.checksInBackground = on }
    }

    private func askForNotifications() async {
        state.notificationsAllowed = await phone.platform.notifications.ask()
        state.notificationsRefused = !state.notificationsAllowed
    }

    /// Whoever chooses what opens the vault has the accounts from then on: the person is checked first, as for backups.
    private func deviceLock(_ on: Bool) async throws {
        if !on, try await phone.read({ core, _ in try !core.ways().contains(.password) }) {
            // Without it only what is written on paper would open the vault.
            state.replacesDeviceLock = true
            return
        }
        try await phone.confirmOwner(why)
        if on {
            var key = Data.random(count: 32)
            defer { key.wipe() }
            try phone.platform.secrets.write(key, as: .platformKey)
            try await phone.change { [key] in try $0.setPlatform(key: key, now: $1) }
        } else {
            try await removeDeviceLock()
        }
        try await keysAreNew()
    }

    private func removeDeviceLock() async throws {
        try await phone.change { try $0.removeWay(way: .platform, now: $1) }
        phone.platform.secrets.remove(.platformKey)
    }

    private func setPassword(_ password: String, _ again: String) async throws {
        state.passwordsDiffer = password != again
        guard !state.passwordsDiffer, !state.isWorking else { return }
        try await phone.confirmOwner(why)
        state.isWorking = true
        defer { state.isWorking = false }
        try await phone.change { core, now in
            var bytes = Data(password.utf8)
            defer { bytes.wipe() }
            try core.setPassword(password: bytes, now: now)
        }
        if state.replacesDeviceLock { try await removeDeviceLock() }
        state.replacesDeviceLock = false
        state.notice = .passwordSet
        try await keysAreNew()
    }

    private func newRecoveryCode() async throws {
        try await phone.confirmOwner(why)
        let paper = RecoveryCheck(
            try await phone.change { core, now in
                try core.paperIsNeeded(now: now)
                return try core.newRecoveryCode(now: now)
            })
        (self.paper, state.recovery) = (paper, paper.page)
        try await keysAreNew()
    }

    private func recovery(_ event: RecoveryEvent) async throws {
        guard let isRight = paper?.handle(event) else { return }
        state.recovery = paper?.page
        guard isRight else { return }
        try await paperIsRight()
        (paper, state.recovery, state.notice) = (nil, nil, .recoveryMade)
    }

    private func checkRecoveryCode(_ typed: String) async throws {
        let isRight = try await phone.read { core, _ in try core.checkRecoveryCode(typed: Data(typed.utf8)) }
        guard isRight else { throw Trouble.recoveryCode(.other) }
        try await paperIsRight()
        state.notice = .recoveryRight
    }

    private func paperIsRight() async throws {
        try await phone.change { try $0.paperIsRight(now: $1) }
        try await load()
    }

    /// A change of a way in makes a new watch key: background checks need that one.
    private func keysAreNew() async throws {
        if state.preferences.checksInBackground { try await phone.keepWatchKey() }
        try await load()
    }

    /// For a help desk: what is set and what does not work, without names, addresses and secrets.
    private func report() async throws -> String {
        let (accounts, trash, parts) = try await phone.read { core, now in
            (
                try core.accounts(shelf: .inUse, now: now), try core.accounts(shelf: .trash, now: now).count,
                try core.verify(now: now)
            )
        }
        let lines = [
            "Countersign \(AppVersion.text), iOS",
            "accounts: \(accounts.count), with approvals: \(accounts.filter(\.approvals).count), trash: \(trash)",
            "ways in: \(state.ways.map { "\($0)" }.joined(separator: " "))",
            "damaged parts: \(parts.count)",
            "lock after: \(state.preferences.graceSeconds.map { "\($0) s" } ?? "never")",
            "background: \(state.preferences.checksInBackground), allowed: \(state.backgroundAllowed)",
            "notifications allowed: \(state.notificationsAllowed)",
            "clock: \(state.secondsAhead.map { "\($0) s ahead of the servers" } ?? "not known")",
        ]
        return lines.joined(separator: "\n")
    }
}

public enum AppVersion {
    /// The app's own; the package alone has none.
    public static var text: String {
        Bundle.main.infoDictionary?["CFBundleShortVersionString"] as? String ?? "-"
    }
}

extension Phone {
    /// Keeps what background checks open the vault with.
    func keepWatchKey() async throws {
        var key = try await read { try $0.watchKey(now: $1) }
        defer { key.wipe() }
        try platform.secrets.write(key, as: .watchKey)
    }
}
