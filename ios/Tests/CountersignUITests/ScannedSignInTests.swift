import Countersign
import CountersignKit
import Foundation
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// Sign-ins whose code is scanned, through the presenters and their views, against a small tiqr server.
@MainActor @Suite final class ScannedSignInTests: OpenAppSuite {
    let server = TiqrServer()

    func setUp() async throws -> AddModel {
        let add = AddModel(app.phone)
        await add.handle(.text(PickedContent(server.setUp)))
        let adding = Task { await add.handle(.add) }
        guard await eventually({ if case .trust = add.state.stage { true } else { false } }) else {
            throw Missing("no question of trust: \(add.state)")
        }
        await add.handle(.trust(true))
        await adding.value
        return add
    }

    /// Scans the code of the sign-in, and goes on to its request.
    func request() async throws -> RequestModel {
        let add = AddModel(app.phone)
        await add.handle(.text(PickedContent(server.signIn)))
        guard case .signIn(let code, let asked) = add.state.stage else { throw Missing("\(add.state.stage)") }
        #expect(_texts(AddView(model: add, app: app, words: words)).contains(words("add.sign_in")))
        await app.showScanned(code, asked, words)
        guard let model = app.requests else { throw Missing("no request") }
        device.time.pass(ms: 500)
        return model
    }

    func texts(_ model: RequestModel) -> [String] { _texts(RequestView(model: model, app: app, words: words)) }

    @Test func scannedAndApproved() async throws {
        let add = try await setUp()
        let added = _texts(AddView(model: add, app: app, words: words))
        #expect(added.contains(words("added.try.scan")) && !added.contains(words("added.look")))
        let model = try await request()
        #expect(model.state.current?.request.application == "Example tiqr")
        #expect(texts(model).contains(words("request.confirm")))
        await model.handle(.yes(""))
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .approved && device.lock.asked.value == 1)
    }

    @Test func notMeEndsItHereAndSaysThatTheServerIsNotTold() async throws {
        _ = try await setUp()
        let model = try await request()
        await model.handle(.notMe)
        let said = texts(model)
        #expect(said.contains(words("request.declined")) && said.contains(words.what(Reason.noDecline)))
        #expect(said.contains(words("advice.password")) && !said.contains(words("common.try_again")))
        #expect(!said.contains(words("request.not_me.body")))
        app.leaveRequests()
        let again = try await request()
        await again.handle(.yes(""))
        #expect(again.state.stage == .failed(.reason(.requestEnded)))
    }

    @Test func aSignInOfNobodyHere() async throws {
        let add = AddModel(app.phone)
        await add.handle(.text(PickedContent(server.signIn)))
        guard case .cannot(_, .signInAccountUnknown) = add.state.stage else { throw Missing("\(add.state.stage)") }
    }

    @Test func itsAccountHasNoDeviceKeyNoNameInNotificationsAndNothingToLookFor() async throws {
        _ = try await setUp()
        await app.accounts.handle(.load)
        await app.accounts.handle(.look)
        #expect(app.accounts.state.look == .nothing)
        let menu = _texts(AccountsView(app: app, words: words) {})
        for key in ["accounts.look", "accounts.expect"] { #expect(!menu.contains(words(key)), "\(key)") }
        let id = try #require(app.accounts.state.accounts.first?.id)
        let account = AccountModel(app.phone, id: id, why: "")
        await account.handle(.load)
        let shown = _texts(AccountView(model: account, accounts: app.accounts, words: words))
        #expect(shown.contains(words("account.scanned.detail")) && shown.contains { $0.contains("tiqr") })
        for key in ["account.label", "account.renew_key", "account.lock_out"] { #expect(!shown.contains(words(key))) }
        await account.handle(.save(account.state.fields))
        #expect(account.state.trouble == nil)
    }
}
