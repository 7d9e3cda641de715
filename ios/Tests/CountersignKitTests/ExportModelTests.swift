import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Accounts for other apps and for paper: what can't go is known before, and the person is checked.
@MainActor @Suite struct ExportModelTests {
    let vault: TestVault
    let device = FakeDevice()
    let model: ExportModel
    let alice: String
    let seven: String

    init() throws {
        vault = try TestVault()
        model = ExportModel(Phone(vault.core, device.platform(vault.path)), Words(.english))
        alice = try vault.add("alice")
        seven = try vault.add("seven", "&digits=7")
        try vault.core.setNote(id: alice, note: "a note", now: now())
    }

    /// What our own import reads of the file that is ready.
    private func names(_ password: String? = nil) async throws -> [String] {
        guard case .file(let file) = model.state.stage else { throw Missing("\(model.state)") }
        let importing = ImportModel(Phone(vault.core, device.platform(vault.path)))
        await importing.handle(.files([PickedFile(name: file.name, content: file.content)]))
        if let password { await importing.handle(.password(password)) }
        return importing.state.rows.map(\.name)
    }

    @Test func whatCanNotGoIsToldBeforeAnythingIsWritten() async {
        await model.handle(.format(.google))
        #expect(model.state.rows.map(\.carried) == [.without([.note]), .leftOut(.digits)])
        #expect(model.state.carried.map(\.id) == [alice] && model.state.partly.map(\.id) == [alice])
        #expect(model.state.leftOut.map(\.id) == [seven] && device.lock.asked.value == 0)
        await model.handle(.choose(alice))
        await model.handle(.next)
        #expect(model.state.stage == .accounts)
        await model.handle(.chooseAll(true))
        await model.handle(.next)
        #expect(model.state.stage == .plain)
    }

    @Test func aPlainFileIsWrittenForTheOwnerOnlyAndForgotten() async throws {
        await model.handle(.format(.otpauth))
        await model.handle(.choose(seven))
        await model.handle(.next)
        device.lock.answers.value = false
        await model.handle(.write)
        #expect(model.state.stage == .plain && device.lock.asked.value == 1)
        #expect(model.state.trouble == .reason(.presenceRefused))
        device.lock.answers.value = true
        await model.handle(.write)
        #expect(try await names() == ["alice"])
        await model.handle(.saved(false))
        #expect(model.state.trouble == .file(.unwritable))
        await model.handle(.saved(true))
        #expect(model.state.stage == .done)
    }

    @Test(arguments: [ExportFormat.aegis, .twoFas])
    func underAPassword(_ format: ExportFormat) async throws {
        await model.handle(.format(format))
        await model.handle(.next)
        #expect(model.state.stage == .protect)
        await model.handle(.password("one", again: "two"))
        #expect(model.state.passwordsDiffer && model.state.stage == .protect)
        await model.handle(.password("", again: ""))
        #expect(model.state.stage == .protect && device.lock.asked.value == 0)
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(try await names("correct horse").contains("alice"))
        await model.handle(.back)
        await model.handle(.format(format))
        await model.handle(.next)
        await model.handle(.withoutPassword)
        await model.handle(.write)
        #expect(try await names().contains("alice"))
    }

    @Test func everyFormatHasItsFile() async throws {
        try vault.core.rename(id: alice, issuer: "Example", name: "alice@example.com", now: now())
        let starts: [(ExportFormat, String, String)] = [
            (.otpauth, "countersign-links.txt", "otpauth://"), (.cxf, "countersign-cxf.json", "{"),
            (.sheet, "countersign-sheet.html", "<!"), (.entra, "countersign-entra.csv", "upn,"),
        ]
        for (format, name, start) in starts {
            await model.handle(.format(format))
            await model.handle(.next)
            await model.handle(.write)
            guard case .file(let file) = model.state.stage else { throw Missing("\(format): \(model.state)") }
            #expect(file.name == name && file.content.starts(with: Data(start.utf8)), "\(file.name)")
            await model.handle(.back)
        }
    }

    @Test func aSheetIsPrinted() async throws {
        await model.handle(.format(.sheet))
        await model.handle(.next)
        await model.handle(.write)
        device.printer.works.value = false
        await model.handle(.print)
        guard case .file = model.state.stage else { throw Missing("\(model.state)") }
        #expect(model.state.trouble == .file(.unprintable))
        device.printer.works.value = true
        await model.handle(.print)
        let page = try #require(device.printer.printed.value.first)
        for text in ["Accounts of Countersign", "Made on ", "To use it", "Whoever sees", "When it is printed"] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(model.state.stage == .done)
    }

    @Test func googlesCodesFollowOneAnother() async throws {
        for name in 0..<12 { try vault.add("account\(name)") }
        await model.handle(.format(.google))
        await model.handle(.next)
        await model.handle(.write)
        guard case .code(let first) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(first.place == 0 && first.count > 1)
        let importing = ImportModel(Phone(vault.core, device.platform(vault.path)))
        for place in 0..<first.count {
            await model.handle(.show(place))
            guard case .code(let code) = model.state.stage else { throw Missing("\(model.state)") }
            await importing.handle(.files([PickedFile(name: "\(place)", content: code.picture)]))
        }
        #expect(importing.state.missing == [] && importing.state.rows.count == 13)
        await model.handle(.show(first.count))
        guard case .code(let last) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(last.place == first.count - 1)
        await model.handle(.finish)
        #expect(model.state.stage == .done)
        await model.handle(.show(0))
        #expect(model.state.stage == .done)
    }

    @Test func aLockEndsWhatIsInTheRoom() async throws {
        device.secrets.write(TestVault.key, as: .platformKey)
        let app = AppModel(device.platform(vault.path))
        await app.handle(.start)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        await unlock.handle(.device)
        guard case .open(let open) = app.screen else { throw Missing("not open") }
        open.enter(.exporting, app.words)
        guard case .exporting(let model) = open.room else { throw Missing("no room") }
        await model.handle(.format(.otpauth))
        await model.handle(.next)
        await model.handle(.write)
        guard case .file = model.state.stage else { throw Missing("\(model.state)") }
        await app.handle(.lock)
        #expect(model.state == ExportModel(open.phone, app.words).state)
    }

    @Test func aLockedVaultGivesNothing() async {
        await model.handle(.format(.otpauth))
        await model.handle(.next)
        vault.core.lock()
        await model.handle(.write)
        #expect(model.state.stage == .plain && model.state.trouble == .reason(.locked))
    }
}
