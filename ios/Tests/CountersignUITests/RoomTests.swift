import Countersign
import CountersignKit
import Foundation
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// What the rooms for imports, exports and backups show, and what VoiceOver speaks there.
@MainActor @Suite final class RoomTests: OpenAppSuite {
    func texts(_ model: ImportModel, _ reading: _Reading = .shown, _ words: Words? = nil) -> [String] {
        _texts(ImportView(model: model, words: words ?? self.words), reading)
    }

    func texts(_ model: ExportModel) -> [String] { _texts(ExportView(model: model, words: words)) }

    func texts(_ model: BackupModel) -> [String] { _texts(BackupView(model: model, words: words) {}) }

    @Test func theRoomsAreInTheNavigation() async throws {
        let menu = _texts(AccountsView(app: app, words: words) {})
        for door in Door.all { #expect(menu.contains(words(door.title))) }
        #expect(_texts(AddView(model: AddModel(app.phone), app: app, words: words)).contains("From another app"))
        for door in Door.all {
            app.enter(door.room, words)
            let over = _texts(AccountsView(app: app, words: words) {})
            #expect(over.filter { $0 == words(door.title) }.count > menu.filter { $0 == words(door.title) }.count)
            #expect(over.contains(words("common.close")))
        }
    }

    @Test func aNewRecoveryCodeIsInForceForThePersonOnceItsPaperWasChecked() async throws {
        let model = SettingsModel(app.phone, why: "")
        app.room = .recovery(model)
        func texts() -> [String] { _texts(AccountsView(app: app, words: words) {}) }
        #expect(texts().contains(words("recovery.what")) && texts().contains(words("recovery.new")))
        await model.handle(.newRecoveryCode)
        #expect(texts().contains(words("recovery.written")) && !texts().contains(words("settings.recovery.made")))
        guard case .code(let groups) = model.state.recovery else {
            Issue.record("no code")
            return
        }
        await model.handle(.recovery(.written))
        #expect(texts().contains(words("recovery.check.title")))
        guard case .check(let group, _) = model.state.recovery else {
            Issue.record("no check")
            return
        }
        await model.handle(.recovery(.typed(groups[group - 1])))
        #expect(texts().contains(words("settings.recovery.made")))
    }

    @Test func anImportBeginsWithWhatCanComeAndWhatCanNot() async throws {
        let model = ImportModel(app.phone)
        let begin = texts(model)
        for key in ["import.body", "import.apps", "import.choose", "import.microsoft"] {
            #expect(begin.contains(words(key)), "\(key)")
        }
        #expect(!begin.contains(words("import.past")))
        await model.handle(.files([Exports.file("aegis/plain.json")]))
        await model.handle(.bringIn)
        #expect(texts(model).contains("4 accounts have come in.") && texts(model).contains("Undo"))
        await model.handle(.again)
        let past = texts(model)
        #expect(past.contains(words("import.past")) && past.contains("Undo the import from Aegis"))
        await model.handle(.undo(model.state.past[0].id))
        #expect(texts(model).contains("4 accounts are in the trash."))
    }

    @Test func aLockedFileSaysWhoseItIsAndHowLongItTakes() async {
        let model = ImportModel(app.phone)
        await model.handle(.files([Exports.file("ente/encrypted.txt")]))
        let asked = texts(model)
        #expect(asked.contains("encrypted.txt is from Ente Auth. Type the password that was chosen for it there."))
        #expect(!asked.contains { $0.contains("takes about") } && !asked.contains(words("unlock.with_recovery")))
        guard case .locked(let file) = model.state.stage else { return }
        func page(_ seconds: Int, takesCode: Bool = false) -> [String] {
            var file = file
            (file.seconds, file.takesCode) = (seconds, takesCode)
            return _texts(LockedFileView(file: file, model: model, words: words))
        }
        #expect(page(40).contains("Opening it takes about 40 seconds. You can stop it at any time."))
        #expect(page(150).contains("Opening it takes about 3 minutes. You can stop it at any time."))
        #expect(page(0, takesCode: true).contains(words("unlock.with_recovery")))
        await model.handle(.password("wrong"))
        #expect(texts(model).contains(words.what(Reason.importWrongPassword)))
    }

    @Test func eachRowTellsHowItStands() async throws {
        let secret = TestVault.secret
        try vault.add("alice")
        let list = [
            "otpauth://totp/Example:alice?secret=\(secret)&issuer=Example",
            "otpauth://totp/Other:name?secret=\(secret)&issuer=Other", "otpauth://totp/B:b?secret=1",
            "otpauth://totp/N:n?secret=\(String(secret.reversed()))B&issuer=N",
        ]
        let model = ImportModel(app.phone)
        await model.handle(.files([PickedFile(name: "list", content: Data(list.joined(separator: "\n").utf8))]))
        let shown = texts(model)
        for key in [
            "import.same", "import.differs", "import.differs.names", "import.refused", "import.odd",
            "odd.secret_odd_length",
        ] {
            #expect(shown.contains(words(key)), "\(key)")
        }
        #expect(shown.contains("Import \(model.state.chosen.count) accounts"))
        let why = words.what(Reason.secretNotBase32)
        #expect(shown.contains(why) && shown.contains(words.next(Reason.secretNotBase32)))
        let spoken = texts(model, .spoken)
        #expect(spoken.contains("3, B, b") && spoken.contains { $0.hasPrefix("Can't be taken, " + why) })
        #expect(texts(model, .shown, Words(.japanese)).contains(Words(.japanese)("import.same")))
    }

    @Test func whatIsMissingAndWhatWasNotReadIsSaid() async throws {
        let model = ImportModel(app.phone)
        let part = try Exports.lines("google/version2.txt")[0]
        let letter = PickedFile(name: "letter.txt", content: Data("Dear all".utf8))
        await model.handle(.files([part, letter]))
        let shown = texts(model)
        #expect(shown.contains("1 of 3 parts; parts 1, 2 are missing") && shown.contains("From Google Authenticator"))
        #expect(shown.contains("File: letter.txt") && shown.contains(words.what(Reason.notAnImport)))
        let scanning = _texts(ImportView(model: model, words: words, scan: {}))
        #expect(scanning.contains("Scan QR code") && !shown.contains("Scan QR code"))
    }

    @Test func aWorkAccountOfMicrosoftIsToSignInAgain() async {
        let model = ImportModel(app.phone)
        await model.handle(.files([Exports.file("microsoft/PhoneFactor")]))
        let shown = texts(model)
        #expect(shown.contains(words.what(Reason.accountNotPortable)))
        #expect(shown.contains(words.next(Reason.accountNotPortable)))
    }

    @Test func approvalsThatStayedBehindNameTheirServer() {
        let row = ImportRow(
            entry: 0, standing: .new, chosen: true, issuer: "Contoso", name: "alice", kind: "totp", algorithm: "SHA1",
            digits: 6, period: 30, counter: nil, favourite: false, tags: [], odd: [], notes: [.approvalLeft],
            isOdd: false, needsSetUp: LeftApproval(system: "keycloak_push", origin: "https://login.example"))
        let shown = _texts(NewSetUps(rows: [row], words: words))
        #expect(shown.contains("Ask the help desk of whoever runs https://login.example."))
        #expect(_texts(NewSetUps(rows: [], words: words)) == [])
    }

    @Test func anExportListsItsFormatsAndWhatTheyCanNotCarry() async throws {
        let model = ExportModel(app.phone, words)
        let alice = try vault.add("alice")
        try vault.add("seven", "&digits=7")
        try vault.core.setNote(id: alice, note: "a note", now: now())
        let formats = texts(model)
        for format in ExportFormat.all { #expect(formats.contains(words("export." + Words.key(format) + ".detail"))) }
        await model.handle(.format(.google))
        let told = texts(model)
        #expect(told.contains("1 account can't go this way.") && told.contains("1 account goes in part."))
        #expect(told.contains("Without the note") && told.contains(words("export.left_out.digits")))
        await model.handle(.next)
        #expect(texts(model).contains(words("export.screen.seen")) && texts(model).contains("Show QR codes"))
        await model.handle(.write)
        #expect(texts(model).contains("Code 1 of 1") && texts(model).contains("Done"))
        await model.handle(.finish)
        #expect(texts(model).contains(words("export.done.google")))
    }

    @Test func aCodeIsCoveredWhileTheScreenIsCaptured() {
        func spoken(_ isCaptured: Bool) -> [String] {
            _texts(CoverableCode(picture: Data(), label: "the code", isCovered: isCaptured, words: words), .spoken)
        }
        #expect(spoken(false) == ["the code"] && spoken(true) == [words("export.captured")])
    }

    @Test func aPlainFileIsWarnedOf() async throws {
        try vault.add("alice")
        let model = ExportModel(app.phone, words)
        for (format, warning) in [(ExportFormat.otpauth, "export.plain.body"), (.sheet, "export.paper.body")] {
            await model.handle(.format(format))
            await model.handle(.next)
            #expect(texts(model).contains(words(warning)))
        }
        await model.handle(.write)
        #expect(texts(model).contains("Save file") && texts(model).contains("Print"))
        await model.handle(.back)
        await model.handle(.format(.aegis))
        await model.handle(.next)
        #expect(texts(model).contains("With a password") && texts(model).contains("Without a password"))
    }

    @Test func theListWarnsWhereThereIsNoBackup() async throws {
        func list() -> [String] { _texts(AccountsView(app: app, words: words) {}) }
        try vault.add("alice")
        await app.accounts.handle(.load)
        app.phone.backups.changed()
        await app.phone.backups.settled()
        #expect(list().contains("There is no backup yet") && list().contains(words("backup.none.next")))
        let model = BackupModel(app.phone, why: "")
        await model.handle(.password("correct horse", again: "correct horse"))
        await model.handle(.folder(vault.folder))
        await app.phone.backups.settled()
        #expect(!list().contains("There is no backup yet"))
        for (concern, text) in [
            (BackupConcern.warning(.missing(2)), "2 accounts are in no backup as they are now"),
            (.warning(.old(91)), "The last backup is 91 days old"),
            (.unwritten(.file(.folderGone)), words("backup.unwritten")),
        ] {
            #expect(_texts(BackupConcernView(concern: concern, words: words)).contains(text))
        }
    }

    @Test func aBackupIsCalledWholeOnlyWhereItIs() {
        func shown(_ damaged: UInt64, _ concern: BackupConcern? = nil) -> [String] {
            let last = LastBackup(at: now().wall, accounts: 3, damaged: damaged)
            return _texts(BackupStanding(concern: concern, last: last, words: words))
        }
        #expect(shown(0).contains(words("backup.complete")))
        #expect(!shown(1).contains(words("backup.complete")) && shown(1).contains(words("backup.damaged.one")))
        #expect(!shown(0, .unwritten(.file(.unwritable))).contains(words("backup.complete")))
    }

    @Test func theRoomOfBackupsSaysFirstWhatCouldNotBeWritten() async throws {
        let gone = vault.folder.appendingPathComponent("gone").path
        let model = BackupModel(app.phone, why: "")
        await model.handle(.password("correct horse", again: "correct horse"))
        try vault.core.setBackupPlace(place: BackupPlace(folder: gone, keep: 3, isAutomatic: true), now: now())
        app.phone.backups.changed()
        await app.phone.backups.settled()
        await model.handle(.load)
        let shown = texts(model)
        #expect(shown.contains(words("backup.unwritten")) && !shown.contains(words("backup.none")))
        // Once, not as a trouble of the room as well.
        #expect(!shown.contains(words.what(.file(.folderGone))))
    }

    @Test func theRoomOfBackupsGoesFromThePasswordToTheFolder() async throws {
        try vault.add("alice")
        let model = BackupModel(app.phone, why: "")
        await model.handle(.load)
        #expect(texts(model).contains(words("backup.password.body")) && !texts(model).contains(words("backup.make")))
        await model.handle(.changePassword)
        #expect(texts(model).contains(words("password.use")))
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(texts(model).contains(words("backup.make")) && texts(model).contains(words("backup.folder.none")))
        await model.handle(.folder(vault.folder))
        let kept = texts(model)
        #expect(kept.contains(vault.folder.lastPathComponent) && kept.contains("The latest 10"))
        #expect(kept.contains(words("backup.make.file")))
        #expect(kept.contains(words("backup.complete")) && kept.contains { $0.hasPrefix("Last backup: ") })
        await model.handle(.newCode)
        #expect(texts(model).contains(words("backup.code.body")) && texts(model).contains(words("backup.code.keep")))
        await model.handle(.back)
        #expect(texts(model).contains(words("backup.code.unchecked")))
    }

    @Test func theFirstRunEndsWithAccountsOfAnotherAppOrABackup() async throws {
        let first = FirstRunModel(device.platform(vault.folder.appendingPathComponent("new.db").path)) { _, _ in }
        await first.handle(.useDeviceLock)
        guard case .recovery(.code(let groups)) = first.state.page else { return }
        await first.handle(.recovery(.written))
        guard case .recovery(.check(let group, _)) = first.state.page else { return }
        await first.handle(.recovery(.typed(groups[group - 1])))
        #expect(_texts(FirstRunView(model: first, words: words)).contains(words("first_run.backup.title")))
        await first.handle(.backupsDone)
        let ready = _texts(FirstRunView(model: first, words: words))
        for key in ["add", "import", "restore", "later"] {
            #expect(ready.contains(words("first_run.ready." + key)), "\(key)")
        }
    }

    @Test func aTransferCodeShowsItsAccountsWhereItWasScanned() async throws {
        let add = AddModel(app.phone)
        let path = repository + "/tests/fixtures/import/google/version2.txt"
        let part = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")[0]
        await add.handle(.text(PickedContent(part)))
        let shown = _texts(AddView(model: add, app: app, words: words))
        #expect(shown.contains("From Google Authenticator") && shown.contains("Scan QR code"))
    }

    @Test func theFirstRunAsksWhereBackupsShallLive() async {
        let model = BackupModel(app.phone, why: "")
        func page() -> [String] { _texts(FirstBackupView(model: model, words: words) {}) }
        await model.handle(.load)
        #expect(page().contains(words("first_run.backup.title")) && page().contains("Later"))
        #expect(page().contains(words("password.use")) && !page().contains(words("backup.folder.choose")))
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(page().contains(words("backup.folder.choose")))
        await model.handle(.folder(vault.folder))
        #expect(page().contains("Backups go to \(vault.folder.lastPathComponent).") && page().contains("Next"))
    }
}
