import Countersign
import Foundation
import Observation

/// The app as a whole: first run, locked or open.
@MainActor @Observable public final class AppModel {
    public enum Screen {
        case starting
        case firstRun(FirstRunModel)
        case locked(UnlockModel)
        case open(OpenApp)
        /// The file can't be used. It is never wiped.
        case unusable(Trouble)
    }

    public enum Event {
        case start, tick
        /// The person is at the app; something lies over it, such as a prompt of the system; they left it.
        case active, inactive, background
        case lock
        /// A notification was tapped, or a link on this phone was opened.
        case requestWaits
        case link(URL)
    }

    public private(set) var screen = Screen.starting
    /// The app is not at the front: nothing of it is shown in the switcher.
    public private(set) var isCovered = false
    public let platform: Platform
    private let appLock: AskingLock
    private var core: Authenticator?
    private var isInBackground = false
    /// So long a prompt of ours may lie over the app before that counts as absence.
    private static let promptSeconds: UInt64 = 120
    /// What to do once the vault is open.
    private var pending: (requestWaits: Bool, link: URL?) = (false, nil)

    public init(_ platform: Platform) {
        appLock = AskingLock(platform.appLock)
        var platform = platform
        platform.appLock = appLock
        self.platform = platform
    }

    public var words: Words { .of(platform) }

    public func handle(_ event: Event) async {
        switch event {
        case .start: start()
        case .tick: lockIfDue()
        case .active:
            (isCovered, isInBackground) = (false, false)
            lockIfDue()
            await seenAgain()
        case .inactive: left(for: appLock.isAsking ? .prompt : .elsewhere)
        case .background:
            isInBackground = true
            left(for: .elsewhere)
        case .lock: lock()
        case .requestWaits: await go(requestWaits: true, link: nil)
        case .link(let url): await go(requestWaits: false, link: url)
        }
    }

    private func start() {
        do {
            let core = try Authenticator.open(path: platform.vaultPath)
            self.core = core
            show(lockOf: core)
        } catch CountersignError.NoVault {
            screen = .firstRun(FirstRunModel(platform) { [weak self] in await self?.opened($0, start: $1) })
        } catch {
            screen = .unusable(Trouble(error))
        }
    }

    private func show(lockOf core: Authenticator) {
        if case .open(let app) = screen {
            app.leaveRoom()
            // A question that nobody sees any more is answered by nobody.
            app.leaveRequests()
        }
        let model = UnlockModel(core, platform, requestWaits: pending.requestWaits) { [weak self] in
            await self?.opened($0)
        }
        screen = .locked(model)
    }

    private func opened(_ core: Authenticator, start: Start? = nil) async {
        self.core = core
        core.setGrace(ms: nil)
        let app = OpenApp(Phone(core, platform))
        app.phone.keepHead()
        screen = .open(app)
        // From here on the app itself tells what waits.
        platform.notifications.removeAll()
        // The prompt that has opened it may still lie over it.
        if isCovered { left(for: isInBackground ? .elsewhere : .prompt) }
        if let start { app.enter(start, words) }
        if start == nil { app.askForPaper(words) }
        async let goingOn: Void = app.goOn()
        let (requestWaits, link) = pending
        pending = (false, nil)
        if requestWaits || link != nil { await app.go(requestWaits: requestWaits, link: link, words: words) }
        await goingOn
    }

    private func go(requestWaits: Bool, link: URL?) async {
        if case .open(let app) = screen {
            await app.go(requestWaits: requestWaits, link: link, words: words)
        } else {
            pending = (requestWaits || pending.requestWaits, link ?? pending.link)
        }
    }

    private func seenAgain() async {
        guard case .open(let app) = screen else { return }
        app.phone.core.setGrace(ms: nil)
        platform.notifications.removeAll()
        await app.requests?.handle(.appeared)
    }

    private enum Absence { case elsewhere, prompt }

    /// The app is not at the front any more: from now on the grace time runs.
    private func left(for absence: Absence) {
        isCovered = true
        guard case .open(let app) = screen else { return }
        app.phone.keepHead()
        guard let grace = platform.preferences.load().graceSeconds else { return }
        let seconds = absence == .prompt ? max(grace, Self.promptSeconds) : grace
        if seconds == 0 { return lock() }
        app.phone.stay()
        app.phone.core.setGrace(ms: seconds * 1000)
    }

    private func lockIfDue() {
        guard case .open(let app) = screen, app.phone.core.isLocked(now: platform.time.now()) else { return }
        show(lockOf: app.phone.core)
    }

    private func lock() {
        guard case .open(let app) = screen else { return }
        app.phone.keepHead()
        app.phone.core.lock()
        show(lockOf: app.phone.core)
    }
}

/// What a person begins with, or goes to from the accounts.
public enum Start: Sendable, Equatable { case add, importing, restoring, exporting, backup }

/// The app with its vault open: the accounts, and what lies over them.
@MainActor @Observable public final class OpenApp {
    /// A place for a job with many accounts at once.
    public enum Room {
        case importing(ImportModel)
        case exporting(ExportModel)
        case backup(BackupModel)
        /// A recovery code whose paper was never checked is made anew.
        case recovery(SettingsModel)
    }

    public let phone: Phone
    public let accounts: AccountsModel
    public var adding: AddModel?
    public var requests: RequestModel?
    public var room: Room?

    public init(_ phone: Phone) {
        self.phone = phone
        accounts = AccountsModel(phone)
        accounts.whenRead = { [weak self] in await self?.requests?.handle(.found($0)) }
    }

    public func enter(_ start: Start, _ words: Words) {
        switch start {
        case .add: adding = AddModel(phone)
        case .importing: room = .importing(ImportModel(phone))
        case .restoring: room = .importing(ImportModel(phone, restores: true))
        case .exporting: room = .exporting(ExportModel(phone, words))
        case .backup: room = .backup(BackupModel(phone, why: words("backup.title")))
        }
    }

    /// Who has been cut short between the code and its paper may have no paper.
    func askForPaper(_ words: Words) {
        guard (try? phone.core.paperIsUnchecked(now: phone.now)) == true else { return }
        room = .recovery(SettingsModel(phone, why: words("recovery.code")))
    }

    public func leaveRoom() {
        switch room {
        case .importing(let model): model.close()
        case .exporting(let model): model.close()
        case .backup, .recovery, nil: break
        }
        room = nil
    }

    /// What an app that was killed, or a lock, left unfinished comes to its end, and is told; and a backup that it
    /// owes is written.
    public func goOn() async {
        phone.backups.changed()
        await phone.goOn { await accounts.handle(.ended($0)) }
    }

    /// Leaves what was begun on the way to a new account.
    public func leaveAdding() {
        guard let adding else { return }
        self.adding = nil
        adding.importing?.close()
        Task { await adding.handle(.back) }
    }

    /// Leaves the requests. What was answered waits no longer.
    public func leaveRequests() {
        guard let requests else { return }
        self.requests = nil
        Task {
            await requests.handle(.leave)
            await accounts.handle(.load)
        }
    }

    /// Shows the requests that wait, if there are some, in the place of anything else that lies over the accounts. An
    /// answer that is under way goes on: what has come meanwhile stands behind it already.
    public func showRequests(_ words: Words, samePhone: Bool = false) async {
        await accounts.handle(.load)
        let waiting = accounts.state.waiting
        if waiting.isEmpty || requests?.state.isUnderWay == true { return }
        let model = RequestModel(phone, waiting: waiting, why: words("request.title"), isSamePhone: samePhone)
        await model.handle(.load)
        leaveAdding()
        leaveRoom()
        // A question that nobody sees any more is answered by nobody.
        await requests?.handle(.leave)
        requests = model
    }

    /// Shows the request of a code that was scanned, once for each account that it asks.
    public func showScanned(_ code: FoundCode, _ asked: [SeenRequest], _ words: Words) async {
        guard requests == nil else { return }
        let model = RequestModel(phone, waiting: asked, why: words("request.title"), scanned: code.scanned)
        await model.handle(.load)
        requests = model
    }

    /// Follows a notification, a link, or a file that another app handed over. A link that means a sign-in is a reason
    /// to look, and nothing else in it counts: no number of a link is ever used.
    func go(requestWaits: Bool, link: URL?, words: Words) async {
        if let link, link.isFileURL {
            let importing = ImportModel(phone)
            leaveRoom()
            (adding, room) = (nil, .importing(importing))
            return await importing.handle(.files([PickedFile(link)]))
        }
        if let link {
            let adding = AddModel(phone)
            await adding.handle(.text(PickedContent(link.absoluteString)))
            guard adding.state.stage == .lookNow else {
                self.adding = adding
                return
            }
        }
        await accounts.handle(.load)
        await accounts.handle(.look)
        await showRequests(words, samePhone: link != nil)
    }
}
