import Countersign
import CountersignKit
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// Every button of a page can be hit with a finger: its label, which is all of it that is tapped, is 44 points high.
/// What the system draws has the system's sizes.
@MainActor @Suite final class TouchTests: OpenAppSuite {
    /// Buttons of a view, each as `44 pt: its text`; those that are too low fail.
    @discardableResult func buttons<V: View>(of view: V, _ place: String = #function) -> [String] {
        let found = _texts(view, .measured).filter { $0.contains(" pt: ") }
        let low = found.filter { !$0.hasPrefix("44 pt: ") }
        #expect(low == [], "\(place)")
        return found
    }

    @Test func theListOfAccounts() async throws {
        buttons(of: AccountsView(app: app, words: words) {})
        let id = try vault.add("alice")
        try vault.add("bob")
        try vault.core.setTags(id: id, tags: ["work"], now: now())
        let counter = scan("otpauth://hotp/carol?secret=\(TestVault.secret)")
        let carol = try vault.core.add(scanned: counter, now: now()).id
        await app.accounts.handle(.load)
        await app.accounts.handle(.appeared(carol))
        let bob = try #require(app.accounts.state.accounts.first { $0.name == "bob" })
        await app.accounts.handle(.remove(bob.id))
        await app.accounts.handle(.select(id))
        await app.accounts.handle(.ended(Leftover(.answered)))
        let found = buttons(of: AccountsView(app: app, words: words) {})
        for name in ["Undo", "Select none", "Add a tag", "Close", "work", "Next code of carol"] {
            #expect(found.contains("44 pt: \(name)"), "\(name)")
        }
        let trash = TrashModel(app.phone)
        await trash.handle(.load)
        buttons(of: TrashView(model: trash, accounts: app.accounts, words: words))
        let account = AccountModel(app.phone, id: id, why: "")
        await account.handle(.load)
        buttons(of: AccountView(model: account, accounts: app.accounts, words: words))
        await account.handle(.showSetupCode)
        buttons(of: AccountView(model: account, accounts: app.accounts, words: words))
    }

    @Test func aRequest() {
        for kind in [AnswerKind.number, .confirmation] {
            let wall = device.time.now().wall
            let request = Request(
                id: "1", application: "Mail", account: "alice", question: "", askedAt: wall, seenAt: nil,
                expiresAt: wall + 60, answer: kind, takesDeclineReason: true, place: nil)
            let waiting = [SeenRequest(account: "1", request: request), SeenRequest(account: "2", request: request)]
            let model = RequestModel(app.phone, waiting: waiting, why: "")
            #expect(buttons(of: RequestView(model: model, app: app, words: words)).count == 3)
        }
    }

    @Test func everyWayOfAdding() async {
        let add = AddModel(app.phone)
        func page(_ event: AddModel.Event) async {
            await add.handle(event)
            buttons(of: AddView(model: add, app: app, words: words))
        }
        buttons(of: AddView(model: add, app: app, words: words))
        await page(.kind(.other))
        for way in [AddWay.scan, .picture, .paste, .type] { await page(.way(way)) }
        await page(.text(PickedContent("otpauth://totp/A:b?secret=\(TestVault.secret)&issuer=A")))
        await page(.add)
        await page(.text(PickedContent("phonefactor://a?code=1&url=https%3A%2F%2Fb.example")))
    }

    @Test func theFirstRunAndTheLock() async throws {
        let model = AppModel(device.platform(vault.folder.appendingPathComponent("new.db").path))
        await model.handle(.start)
        guard case .firstRun(let first) = model.screen else {
            Issue.record("no first run")
            return
        }
        func page(_ event: FirstRunModel.Event) async {
            await first.handle(event)
            buttons(of: AppView(model))
        }
        buttons(of: AppView(model))
        for event in [FirstRunModel.Event.begin, .choosePassword, .useDeviceLock] { await page(event) }
        guard case .recovery(.code(let groups)) = first.state.page else {
            Issue.record("no code")
            return
        }
        await page(.recovery(.written))
        guard case .recovery(.check(let asked, _)) = first.state.page else {
            Issue.record("no check")
            return
        }
        await page(.recovery(.typed(groups[asked - 1])))
        await page(.backupsDone)
        #expect(first.state.page == .ready)
        let locked = AppModel(device.platform(vault.path))
        await locked.handle(.start)
        buttons(of: AppView(locked))
    }

    @Test func settingsAndRooms() async throws {
        try vault.add("alice")
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.load)
        buttons(of: SettingsView(model: settings, words: words) { _ in })
        for door in Door.all {
            app.enter(door.room, words)
            buttons(of: AccountsView(app: app, words: words) {})
        }
        app.room = .recovery(settings)
        buttons(of: AccountsView(app: app, words: words) {})
        let importing = ImportModel(app.phone)
        await importing.handle(.files([Exports.file("aegis/plain.json")]))
        buttons(of: ImportView(model: importing, words: words))
        await importing.handle(.bringIn)
        buttons(of: ImportView(model: importing, words: words))
        await importing.handle(.again)
        buttons(of: ImportView(model: importing, words: words))
    }
}
