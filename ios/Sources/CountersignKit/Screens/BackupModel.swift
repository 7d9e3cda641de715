import Countersign
import Foundation
import Observation

public struct BackupRoomState: Equatable, Sendable {
    public enum Page: Equatable, Sendable {
        case overview, password
        case recovery(RecoveryPage)
    }

    public enum Notice: Equatable, Sendable {
        case passwordSet, codeMade
        case made(LastBackup)
    }

    public var page = Page.overview
    /// How the vault stands with its backups.
    public var standing: BackupState?
    /// What the folder for backups is called.
    public var folder: String?
    /// Whether the paper with the recovery code was ever checked.
    public var codeIsChecked = true
    /// A backup that is to be saved where the person wants it.
    public var document: BackupDocument?
    public var passwordsDiffer = false
    public var isWorking = false
    public var notice: Notice?
    public var trouble: Trouble?

    /// How many backups can stay in the folder. What another phone has set is one of the choices.
    public var keeps: [UInt32] { Set([3, 5, 10, 30, 100] + [standing?.place?.keep].compactMap { $0 }).sorted() }

    public var hasPassword: Bool { standing?.ways.contains(.password) == true }
    public var hasCode: Bool { standing?.ways.contains(.recovery) == true }
}

/// A backup before it is a file.
public struct BackupDocument: Equatable, Sendable {
    public let name: String
    let backup: Backup
    /// Encrypted.
    public var content: Data { backup.bytes() }

    public static func == (a: Self, b: Self) -> Bool { a.backup === b.backup }
}

/// Backups: how it stands with them, what opens them, where they go.
@MainActor @Observable public final class BackupModel {
    public enum Event {
        case load
        case changePassword
        case password(String, again: String)
        case newCode
        case recovery(RecoveryEvent)
        /// To the folder, where there is one; else as a file to save.
        case make
        case makeFile
        /// The file that the document became; nothing where it was not saved.
        case saved(PickedFile?)
        case folder(URL)
        case forgetFolder
        case automatic(Bool)
        case keep(UInt32)
        case back
    }

    public private(set) var state = BackupRoomState()
    private let phone: Phone
    private let why: String
    private var paper: RecoveryCheck?

    /// `why` is shown where the person is checked.
    public init(_ phone: Phone, why: String) {
        (self.phone, self.why) = (phone, why)
        state.codeIsChecked = phone.platform.preferences.load().backupCodeUnchecked != true
    }

    /// What there is to say, before anything else.
    public var concern: BackupConcern? { phone.backups.concern(state.standing) }

    public func handle(_ event: Event) async {
        guard !state.isWorking else { return }
        phone.stay()
        (state.trouble, state.notice) = (nil, nil)
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: try await load()
        case .changePassword: state.page = .password
        case .password(let text, let again): try await setPassword(text, again)
        case .newCode: try await newCode()
        case .recovery(let event): recovery(event)
        case .make: try await make()
        case .makeFile: try await makeFile()
        case .saved(let file): try await confirm(file)
        case .folder(let url):
            let kept = try await folders { try $0.keep(url) }
            // Another folder changes nothing else that the person has set.
            let before = try await phone.read { try $0.backupState(now: $1) }.place
            try await goes(
                to: BackupPlace(
                    folder: kept, keep: before?.keep ?? backupsKept(), isAutomatic: before?.isAutomatic ?? true))
        case .forgetFolder: try await goes(to: nil)
        case .automatic(let on): try await change { BackupPlace(folder: $0.folder, keep: $0.keep, isAutomatic: on) }
        case .keep(let count):
            try await change { BackupPlace(folder: $0.folder, keep: count, isAutomatic: $0.isAutomatic) }
        case .back: (state.page, state.passwordsDiffer, paper) = (.overview, false, nil)
        }
    }

    private func load() async throws {
        state.standing = try await phone.read { try $0.backupState(now: $1) }
        state.folder = nil
        guard let kept = state.standing?.place?.folder else { return }
        state.folder = try await folders { try $0.use(kept) { $0.lastPathComponent } }
    }

    /// A folder may lie at the other end of a slow line.
    private func folders<T: Sendable>(_ work: @escaping @Sendable (any ChosenFolders) throws -> T) async throws -> T {
        try await Task.detached { [folders = phone.platform.folders] in try work(folders) }.value
    }

    /// Whoever chooses what opens backups can take the accounts away: the person is checked first.
    private func setPassword(_ text: String, _ again: String) async throws {
        state.passwordsDiffer = text != again
        guard !state.passwordsDiffer else { return }
        try await phone.confirmOwner(why)
        try await work {
            try await phone.change { core, now in
                var bytes = Data(text.utf8)
                defer { bytes.wipe() }
                try core.setBackupPassword(password: bytes, now: now)
            }
        }
        (state.page, state.notice) = (.overview, .passwordSet)
        try await load()
    }

    private func newCode() async throws {
        try await phone.confirmOwner(why)
        let before = state.codeIsChecked
        // First: an app that ends in between has a code that nobody has seen.
        save(codeIsChecked: false)
        do {
            let paper = RecoveryCheck(try await phone.change { try $0.newBackupCode(now: $1) })
            (self.paper, state.page) = (paper, .recovery(paper.page))
        } catch {
            save(codeIsChecked: before)
            throw error
        }
        try await load()
    }

    private func recovery(_ event: RecoveryEvent) {
        guard case .recovery = state.page, let isRight = paper?.handle(event), let paper else { return }
        state.page = .recovery(paper.page)
        guard isRight else { return }
        save(codeIsChecked: true)
        (self.paper, state.page, state.notice) = (nil, .overview, .codeMade)
    }

    private func save(codeIsChecked: Bool) {
        var preferences = phone.platform.preferences.load()
        preferences.backupCodeUnchecked = !codeIsChecked
        phone.platform.preferences.save(preferences)
        state.codeIsChecked = codeIsChecked
    }

    private func make() async throws {
        guard let place = state.standing?.place else { return try await makeFile() }
        try await work {
            state.notice = .made(try await phone.backups.write(to: place))
        }
        try await load()
    }

    private func makeFile() async throws {
        try await work {
            state.document = try await phone.read { core, now in
                let backup = try core.backup(now: now)
                return BackupDocument(name: core.backupName(at: backup.madeAt(), number: 1), backup: backup)
            }
        }
    }

    /// It counts once it was read from where the person has put it.
    private func confirm(_ file: PickedFile?) async throws {
        guard let document = state.document else { return }
        state.document = nil
        guard let file else { throw Trouble.file(.unwritable) }
        try await work {
            let last = try await phone.read { core, now in
                try core.confirmBackup(backup: document.backup, read: file.read(), now: now)
            }
            state.notice = .made(last)
        }
        phone.keepHead()
        phone.backups.changed()
        try await load()
    }

    private func change(_ change: (BackupPlace) -> BackupPlace) async throws {
        if let place = state.standing?.place { try await goes(to: change(place)) }
    }

    /// The folder begins with a backup, so that one that can't be written to is noticed at once.
    private func goes(to place: BackupPlace?) async throws {
        try await work {
            try await phone.change { try $0.setBackupPlace(place: place, now: $1) }
            await phone.backups.settled()
        }
        state.trouble = phone.backups.trouble
        try await load()
    }

    private func work(_ work: () async throws -> Void) async rethrows {
        state.isWorking = true
        defer { state.isWorking = false }
        try await work()
    }
}
