import Countersign
import Foundation
import TestSupport
import Testing

private let password = Data("correct horse battery".utf8)

/// Backups: made, confirmed by what was read, opened again.
@Suite struct BackupTests {
    let vault: TestVault
    var core: Authenticator { vault.core }

    init() throws { vault = try TestVault() }

    @Test func itCountsOnceItWasRead() throws {
        try vault.add("alice")
        refused(.noBackupPassword) { try core.backup(now: now()) }
        #expect(
            try core.backupState(now: now())
                == BackupState(last: nil, missing: 1, oldForDays: nil, ways: [], place: nil, warning: .noneYet))
        #expect(backupsKept() == 10)
        try core.setBackupPassword(password: password, now: now())
        let backup = try core.backup(now: now())
        #expect(backup.accounts() == 1 && backup.damaged() == 0)
        let bytes = backup.bytes()
        for read in [Data(), bytes.dropLast(), bytes.dropLast() + [0x78]] {
            refused(.backupUnverified) { try backup.check(read: Data(read)) }
            refused(.backupUnverified) { try core.confirmBackup(backup: backup, read: Data(read), now: now()) }
        }
        #expect(try core.isBackupDue(now: now()))
        try backup.check(read: bytes)
        let last = try core.confirmBackup(backup: backup, read: bytes, now: now())
        #expect(last.at == backup.madeAt() && last.accounts == 1)
        #expect(
            try core.backupState(now: now())
                == BackupState(
                    last: last, missing: 0, oldForDays: nil, ways: [.password], place: nil, warning: nil))
        #expect(try !core.isBackupDue(now: now()))
        #expect(try core.backupState(now: now(wall: last.at + 91 * 24 * 3600)).warning == .old(91))
        try vault.add("bob")
        #expect(try core.isBackupDue(now: now()) && core.backupState(now: now()).warning == .missing(1))
    }

    @Test func everythingComesBackByPasswordAndByCode() throws {
        let (kept, trashed) = (try vault.add("alice"), try vault.add("bob"))
        try core.setTags(id: kept, tags: ["work"], now: now())
        try core.remove(id: trashed, now: now())
        try core.setBackupPassword(password: password, now: now())
        let code = try core.newBackupCode(now: now())
        let backup = try core.backup(now: now())
        try _ = core.confirmBackup(backup: backup, read: backup.bytes(), now: now())
        #expect(isBackup(file: backup.bytes()) && !isBackup(file: Data("{}".utf8)))

        let other = try TestVault().core
        guard case .needsPassword(let locked) = try openImport(file: backup.bytes()) else { throw Missing("plain") }
        #expect(locked.kind().app == "Countersign" && locked.takesCode())
        refused(.recoveryCodeMistyped) { try locked.unlockWithCode(typed: Data("0".utf8)) }
        let batch = try run(locked.unlockWithCode(typed: code.text()))
        #expect(batch.madeAt() == backup.madeAt())
        let rows = try other.previewImport(batch: run(locked.unlock(password: password, memoryKib: 0)), now: now())
        #expect(rows.map(\.name) == ["alice", "bob"] && rows.map(\.notes) == [[], [.backToTrash]])
        _ = try other.importEntries(batch: batch, chosen: rows.filter(\.chosen).map(\.entry), now: now())
        let there = try other.accounts(shelf: .inUse, now: now())
        #expect(there.map(\.name) == ["alice"] && there[0].tags == ["work"])
        #expect(try other.accounts(shelf: .trash, now: now()).map(\.name) == ["bob"])
    }

    @Test func whereTheyGoAndWhichAreOld() throws {
        let place = BackupPlace(folder: "a bookmark", keep: 2, isAutomatic: true)
        try core.setBackupPlace(place: place, now: now())
        #expect(try core.backupState(now: now()).place == place)
        let tooLong = BackupPlace(folder: String(repeating: "x", count: 4097), keep: 2, isAutomatic: true)
        refused(.valueTooLarge) { try core.setBackupPlace(place: tooLong, now: now()) }
        try core.setBackupPlace(place: nil, now: now())
        #expect(try core.backupState(now: now()).place == nil)
        let names = (0..<3).map { core.backupName(at: 1_800_000_000 + $0, number: 1) }
        let start = "countersign-\(core.vaultId().prefix(8))-"
        #expect(names[0] == start + "20270115T080000Z.backup")
        #expect(core.backupName(at: 1_800_000_000, number: 2) == start + "20270115T080000Z-2.backup")
        #expect(core.supersededBackups(there: names + ["letter.txt"], new: names[2], keep: 2) == [names[0]])
    }

    @Test func aLockedVaultGivesNone() throws {
        try core.setBackupPassword(password: password, now: now())
        core.lock()
        fails(.Locked) { try core.backup(now: now()) }
    }
}
