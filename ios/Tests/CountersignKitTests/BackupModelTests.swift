import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Preferences of which each saving is seen.
private struct WatchedPreferences: PreferenceStore {
    let kept: FakePreferences
    let saving: @Sendable (Preferences) -> Void

    init(_ kept: FakePreferences, _ saving: @escaping @Sendable (Preferences) -> Void) {
        (self.kept, self.saving) = (kept, saving)
    }

    func load() -> Preferences { kept.load() }

    func save(_ preferences: Preferences) {
        saving(preferences)
        kept.save(preferences)
    }
}

/// Backups: a password first, a file that was read back, a folder that keeps some, and what is said where there is none.
@MainActor @Suite struct BackupModelTests {
    let vault: TestVault
    let device = FakeDevice()
    let phone: Phone
    let model: BackupModel
    let folder: URL

    init() async throws {
        vault = try TestVault()
        try vault.add("alice")
        phone = Phone(vault.core, device.platform(vault.path))
        model = BackupModel(phone, why: "")
        folder = vault.folder.appendingPathComponent("backups")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        await model.handle(.load)
    }

    var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

    func setPassword() async {
        await model.handle(.changePassword)
        await model.handle(.password("correct horse", again: "correct horse"))
    }

    @Test func aPasswordIsChosenByTheOwner() async {
        #expect(model.concern == .warning(.noneYet) && !model.state.hasPassword)
        await model.handle(.makeFile)
        #expect(model.state.trouble == .reason(.noBackupPassword) && model.state.document == nil)
        await model.handle(.changePassword)
        await model.handle(.password("one", again: "two"))
        #expect(model.state.passwordsDiffer && model.state.page == .password)
        device.lock.answers.value = false
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(!model.state.hasPassword && model.state.page == .password)
        #expect(model.state.trouble == .reason(.presenceRefused))
        device.lock.answers.value = true
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(model.state.hasPassword && model.state.page == .overview && model.state.notice == .passwordSet)
    }

    @Test func aFileCountsOnceItWasRead() async throws {
        await setPassword()
        await model.handle(.make)
        let document = try #require(model.state.document)
        #expect(document.name.hasPrefix("countersign-") && isBackup(file: document.content))
        await model.handle(.saved(nil))
        #expect(model.state.trouble == .file(.unwritable) && model.state.standing?.last == nil)
        await model.handle(.make)
        let cut = try #require(model.state.document).content.dropLast()
        await model.handle(.saved(PickedFile(name: "cut", content: Data(cut))))
        #expect(model.state.trouble == .reason(.backupUnverified) && model.state.standing?.last == nil)
        await model.handle(.make)
        let whole = try #require(model.state.document).content
        await model.handle(.saved(PickedFile(name: "whole", content: whole)))
        guard case .made(let last) = model.state.notice else { throw Missing("\(model.state)") }
        #expect(last.accounts == 1 && model.state.standing?.last == last && model.state.standing?.warning == nil)
    }

    @Test func aRecoveryCodeIsCheckedFromThePaper() async throws {
        await model.handle(.newCode)
        guard case .recovery(.code(let groups)) = model.state.page else { throw Missing("\(model.state)") }
        #expect(groups.count == 8 && !model.state.codeIsChecked && model.state.hasCode)
        #expect(!BackupModel(phone, why: "").state.codeIsChecked)
        await model.handle(.recovery(.written))
        await model.handle(.recovery(.typed("wrong")))
        guard case .recovery(.check(let group, true)) = model.state.page else { throw Missing("\(model.state)") }
        await model.handle(.recovery(.showAgain))
        #expect(model.state.page == .recovery(.code(groups)))
        await model.handle(.recovery(.written))
        guard case .recovery(.check(let other, false)) = model.state.page else { throw Missing("\(model.state)") }
        #expect((1...8).contains(group))
        await model.handle(.recovery(.typed(groups[other - 1])))
        #expect(model.state.page == .overview && model.state.notice == .codeMade && model.state.codeIsChecked)
        device.lock.answers.value = false
        await model.handle(.newCode)
        #expect(model.state.page == .overview && model.state.trouble == .reason(.presenceRefused))
        #expect(model.state.codeIsChecked)
    }

    @Test func aCodeIsMarkedAsUncheckedBeforeItIsThere() async throws {
        let marked = Box<[Bool]>([])
        var platform = device.platform(vault.path)
        platform.preferences = WatchedPreferences(device.preferences) { [core = vault.core] in
            let isThere = (try? core.backupState(now: now()).ways.contains(.recovery)) ?? true
            if $0.backupCodeUnchecked == true { marked.change { $0.append(isThere) } }
        }
        let model = BackupModel(Phone(vault.core, platform), why: "")
        await model.handle(.newCode)
        #expect(marked.value == [false] && !model.state.codeIsChecked)
        await model.handle(.back)
        device.preferences.save(Preferences())
        let other = BackupModel(Phone(vault.core, platform), why: "")
        vault.core.lock()
        await other.handle(.newCode)
        #expect(other.state.trouble == .reason(.locked) && other.state.codeIsChecked)
        #expect(device.preferences.load().backupCodeUnchecked != true)
    }

    @Test func anotherFolderKeepsWhatIsSet() async throws {
        await model.handle(.folder(folder))
        #expect(model.state.standing?.place?.keep == backupsKept())
        await model.handle(.keep(30))
        await model.handle(.automatic(false))
        let other = vault.folder.appendingPathComponent("other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        await model.handle(.folder(other))
        let place = BackupPlace(folder: other.path, keep: 30, isAutomatic: false)
        #expect(model.state.standing?.place == place && model.state.folder == "other")
    }

    @Test func whatAnotherPhoneHasSetCanBeChosen() async throws {
        #expect(model.state.keeps == [3, 5, 10, 30, 100])
        try vault.core.setBackupPlace(place: BackupPlace(folder: folder.path, keep: 7, isAutomatic: false), now: now())
        await model.handle(.load)
        #expect(model.state.keeps == [3, 5, 7, 10, 30, 100])
    }

    @Test func aPartOfAnotherWriteStaysAndALeftOneGoes() async throws {
        await setPassword()
        let start = "countersign-\(vault.core.vaultId().prefix(8))"
        let (other, left) = (start + ".part", start + "-left.part")
        for name in [other, left] { try Data("part".utf8).write(to: folder.appendingPathComponent(name)) }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)],
            ofItemAtPath: folder.appendingPathComponent(left).path)
        await model.handle(.folder(folder))
        #expect(try files.filter { $0.hasSuffix(".part") } == [other])
        #expect(try files.count == 2 && phone.backups.trouble == nil)
    }

    @Test func aFolderGetsABackupAfterEachChangeAndKeepsSome() async throws {
        await setPassword()
        await model.handle(.folder(folder))
        #expect(model.state.trouble == nil && model.state.folder == "backups")
        #expect(try files.count == 1 && files[0].hasSuffix(".backup") && phone.backups.concern == nil)
        await model.handle(.keep(3))
        for name in ["bob", "carol", "dave"] {
            // A name of its own each second.
            device.time.pass(ms: 1000)
            try await phone.change { _ = try $0.add(scanned: totp(name), now: $1) }
            await phone.backups.settled()
        }
        #expect(try files.count == 3 && phone.backups.concern == nil)
        let newest = try Data(contentsOf: folder.appendingPathComponent(#require(files.last)))
        let restoring = ImportModel(phone, restores: true)
        await restoring.handle(.files([PickedFile(name: "newest", content: newest)]))
        await restoring.handle(.password("correct horse"))
        #expect(restoring.state.rows.map(\.name) == ["alice", "bob", "carol", "dave"])

        await model.handle(.automatic(false))
        let before = try files
        try await phone.change { _ = try $0.add(scanned: totp("erin"), now: $1) }
        await phone.backups.settled()
        #expect(try files == before && phone.backups.concern == .warning(.missing(1)))
        device.time.pass(ms: 1000)
        await model.handle(.make)
        #expect(try files.last != before.last && phone.backups.trouble == nil)
        await model.handle(.forgetFolder)
        #expect(model.state.standing?.place == nil && model.state.folder == nil)
        #expect(try files.count == 3)
    }

    @Test func severalAtOnceAreWrittenOneAfterTheOther() async throws {
        await setPassword()
        await model.handle(.folder(folder))
        let others = [model, BackupModel(phone, why: ""), BackupModel(phone, why: "")]
        for other in others { await other.handle(.load) }
        await withTaskGroup(of: Void.self) { group in
            for other in others { group.addTask { await other.handle(.make) } }
            group.addTask { @MainActor in phone.backups.changed() }
        }
        for other in others {
            guard case .made = other.state.notice else { throw Missing("\(other.state)") }
        }
        await phone.backups.settled()
        #expect(try files.count == 4 && files.allSatisfy { $0.hasSuffix(".backup") })
    }

    @Test func whatLiesBesideThemStays() async throws {
        await setPassword()
        let letter = folder.appendingPathComponent(vault.core.backupName(at: 0, number: 1))
        try Data("a letter".utf8).write(to: letter)
        await model.handle(.folder(folder))
        await model.handle(.keep(1))
        for second in 1...2 {
            device.time.pass(ms: 1000)
            try await phone.change { _ = try $0.add(scanned: totp("n\(second)"), now: $1) }
            await phone.backups.settled()
        }
        #expect(try files.count == 2 && Data(contentsOf: letter) == Data("a letter".utf8))
    }

    @Test func aBackupThatCanNotBeWrittenUndoesNothingAndIsSaid() async throws {
        await setPassword()
        await model.handle(.folder(folder))
        try FileManager.default.removeItem(at: folder)
        try await phone.change { _ = try $0.add(scanned: totp("bob"), now: $1) }
        await phone.backups.settled()
        #expect(phone.backups.concern == .unwritten(.file(.folderGone)))
        #expect(try vault.core.accounts(shelf: .inUse, now: now()).map(\.name) == ["alice", "bob"])
        await model.handle(.load)
        #expect(model.state.trouble == .file(.folderGone) && model.state.standing?.warning == .missing(1))
        #expect(model.concern == .unwritten(.file(.folderGone)))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        await model.handle(.make)
        #expect(try files.count == 1)
        await phone.backups.settled()
        #expect(phone.backups.concern == nil)
    }

    @Test func whatIsOldIsWarnedOf() async throws {
        await setPassword()
        await model.handle(.folder(folder))
        device.time.pass(ms: 91 * 24 * 3600 * 1000)
        phone.backups.changed()
        await phone.backups.settled()
        #expect(phone.backups.concern == .warning(.old(91)))
    }

    @Test func aLockedVaultIsLookedAtAfterTheNextUnlocking() async throws {
        phone.backups.changed()
        await phone.backups.settled()
        let before = try #require(phone.backups.standing)
        vault.core.lock()
        phone.backups.changed()
        await phone.backups.settled()
        #expect(phone.backups.standing == before && phone.backups.trouble == nil)
    }

    @Test func theFirstRunAsksWhereBackupsShallLive() async throws {
        let app = AppModel(device.platform(vault.folder.appendingPathComponent("new.db").path))
        await app.handle(.start)
        guard case .firstRun(let first) = app.screen else { throw Missing("no first run") }
        await first.handle(.useDeviceLock)
        guard case .recovery(.code(let groups)) = first.state.page else { throw Missing("\(first.state)") }
        await first.handle(.recovery(.written))
        guard case .recovery(.check(let group, _)) = first.state.page else { throw Missing("\(first.state)") }
        await first.handle(.recovery(.typed(groups[group - 1])))
        let backups = try #require(first.backups)
        #expect(first.state.page == .backup && !backups.state.hasPassword)
        await backups.handle(.password("correct horse", again: "correct horse"))
        await backups.handle(.folder(folder))
        #expect(try backups.state.folder == "backups" && backups.state.trouble == nil && files.count == 1)
        await first.handle(.backupsDone)
        await first.finish(.restoring)
        guard case .open(let open) = app.screen, case .importing(let importing) = open.room else {
            throw Missing("no restoring")
        }
        #expect(importing.state.restores)
        try await open.phone.change { _ = try $0.add(scanned: totp("alice"), now: $1) }
        await open.phone.backups.settled()
        #expect(try files.count == 2)
    }

    @Test func aFileOfAnotherAppIsHandedOver() async throws {
        device.secrets.write(TestVault.key, as: .platformKey)
        let app = AppModel(device.platform(vault.path))
        await app.handle(.start)
        await app.handle(.link(URL(fileURLWithPath: repository + "/tests/fixtures/import/aegis/plain.json")))
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        await unlock.handle(.device)
        guard case .open(let open) = app.screen, case .importing(let importing) = open.room else {
            throw Missing("nothing to import")
        }
        #expect(importing.state.stage == .preview && importing.state.apps == ["Aegis"])
    }
}
