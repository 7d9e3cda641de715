import Countersign
import Foundation

/// A folder of backups. Each is written, read back and opened before it counts.
struct BackupFolder {
    let url: URL
    let core: Authenticator
    let time: any TimeSource
    /// So many bytes tell a backup from other files.
    private static let start = 64
    private static let part = ".part"
    /// No write takes so long.
    private static let partSeconds: TimeInterval = 3600

    /// Writes a backup under a name of its own, and then removes what is more than are to be kept.
    func write(keep: UInt32) throws -> LastBackup {
        let backup = try core.backup(now: time.now())
        let file = free(at: backup.madeAt())
        do {
            try write(backup, to: file)
            let read = try Data(contentsOf: file)
            let last = try core.confirmBackup(backup: backup, read: read, now: time.now())
            // One that lacks an account takes the place of none that has it.
            if last.damaged == 0 { removeOld(beside: file.lastPathComponent, keep: keep) }
            return last
        } catch let error as CountersignError {
            throw error
        } catch {
            throw Trouble.file(.unwritable)
        }
    }

    /// Nobody sees it under its name before it is whole. A write of before the last lock may still go on beside this one.
    private func write(_ backup: Backup, to file: URL) throws {
        removeLeftParts()
        let part = url.appendingPathComponent("\(partName)-\(UUID().uuidString.prefix(8))\(Self.part)")
        defer { try? FileManager.default.removeItem(at: part) }
        try backup.bytes().write(to: part)
        let written = try FileHandle(forUpdating: part)
        try written.synchronize()
        try written.close()
        try backup.check(read: Data(contentsOf: part))
        try FileManager.default.moveItem(at: part, to: file)
    }

    private var partName: String { "countersign-\(core.vaultId().prefix(8))" }

    /// Parts of which no write can go on any more: the app was ended while it wrote them.
    private func removeLeftParts() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        for name in names where name.hasPrefix(partName) && name.hasSuffix(Self.part) {
            let part = url.appendingPathComponent(name)
            let changed = try? FileManager.default.attributesOfItem(atPath: part.path)[.modificationDate] as? Date
            guard let changed, -changed.timeIntervalSinceNow > Self.partSeconds else { continue }
            try? FileManager.default.removeItem(at: part)
        }
    }

    private func free(at time: UnixTime) -> URL {
        let files = (1...UInt32.max).lazy.map { url.appendingPathComponent(core.backupName(at: time, number: $0)) }
        return files.first { !FileManager.default.fileExists(atPath: $0.path) } ?? url
    }

    /// Only what has such a name and is a backup is looked at. One that can't be removed is in nobody's way.
    private func removeOld(beside new: String, keep: UInt32) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        let old = core.supersededBackups(there: names.filter(beginsAsBackup), new: new, keep: keep)
        for name in old { try? FileManager.default.removeItem(at: url.appendingPathComponent(name)) }
    }

    private func beginsAsBackup(_ name: String) -> Bool {
        guard let file = try? FileHandle(forReadingFrom: url.appendingPathComponent(name)) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: Self.start)).map { isBackup(file: $0) } ?? false
    }
}
