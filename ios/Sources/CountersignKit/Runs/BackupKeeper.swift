import Countersign
import Foundation
import Observation

/// What a person is told about the vault's backups.
public enum BackupConcern: Equatable, Sendable {
    /// The one after the last change could not be written.
    case unwritten(Trouble)
    case warning(BackupWarning)
}

/// Knows how the vault stands with its backups, and writes the one that the person wants after each change. That one
/// can't be written undoes no change: it is said.
@MainActor @Observable public final class BackupKeeper {
    /// Nothing before the first look.
    public private(set) var standing: BackupState?
    public private(set) var trouble: Trouble?
    @ObservationIgnored private let core: Authenticator
    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private var work: Task<Void, Never>?
    @ObservationIgnored private var isBehind = false

    nonisolated init(_ core: Authenticator, _ platform: Platform) {
        (self.core, self.platform) = (core, platform)
    }

    public var concern: BackupConcern? { concern(standing) }

    /// The same of what another one has seen. That none could be written comes first: it is why the rest is as it is.
    func concern(_ standing: BackupState?) -> BackupConcern? {
        trouble.map { .unwritten($0) } ?? standing?.warning.map { .warning($0) }
    }

    /// Something is other than before: looks, and writes what is due. Nobody waits for it.
    public func changed() {
        isBehind = true
        if work == nil { work = Task { await catchUp() } }
    }

    /// Returns when nothing is left to be done.
    public func settled() async {
        while let work { await work.value }
    }

    /// Writes one to the folder now. One is written at a time.
    func write(to place: BackupPlace) async throws -> LastBackup {
        await settled()
        let writing = Task.detached { [core, platform] in try platform.writeBackup(of: core, to: place) }
        isBehind = true
        work = Task {
            _ = await writing.result
            await catchUp()
        }
        return try await writing.value
    }

    /// Of several changes at once the last is enough.
    private func catchUp() async {
        while isBehind {
            isBehind = false
            let (standing, trouble) = await Task.detached { [core, platform] in platform.keepBackups(of: core) }.value
            (self.standing, self.trouble) = (standing ?? self.standing, trouble)
        }
        work = nil
    }
}

extension Platform {
    /// Writes the backup that is due where it goes by itself; how the vault stands then, and why it was not written.
    fileprivate func keepBackups(of core: Authenticator) -> (BackupState?, Trouble?) {
        do {
            let place = try core.backupState(now: time.now()).place
            if let place, place.isAutomatic, try core.isBackupDue(now: time.now()) {
                try writeBackup(of: core, to: place)
            }
            return (try core.backupState(now: time.now()), nil)
        } catch CountersignError.Locked {
            // It is done after the next unlocking.
            return (nil, nil)
        } catch {
            return (try? core.backupState(now: time.now()), Trouble(error))
        }
    }

    /// Writes a backup to the folder that keeps some of them.
    @discardableResult
    fileprivate func writeBackup(of core: Authenticator, to place: BackupPlace) throws -> LastBackup {
        let last = try folders.use(place.folder) {
            try BackupFolder(url: $0, core: core, time: time).write(keep: place.keep)
        }
        keepHead(of: core)
        return last
    }
}
