import Countersign
import CountersignKit
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// After "It's not me", and on an account's page: the lock-out at the server, its question, and what is said then.
@MainActor @Suite struct LockOutTests {
    let phone: PhoneAtSite
    let account: String
    let device: FakeDevice
    let app: OpenApp

    init(_ options: [String] = []) async throws {
        phone = try await PhoneAtSite(options)
        account = try await phone.setUp()
        device = FakeDevice(keys: phone.keys)
        app = OpenApp(Phone(phone.core, device.platform(phone.vault.path)))
    }

    /// Declines the sign-in that waits.
    func notMe(_ words: Words) async throws -> RequestModel {
        await app.accounts.handle(.look)
        await app.showRequests(words)
        let model = try #require(app.requests)
        #expect(model.lockOut == nil)
        await model.handle(.notMe)
        return model
    }

    func texts(_ model: RequestModel, _ words: Words) -> [String] {
        _texts(RequestView(model: model, app: app, words: words))
    }

    @Test(arguments: Language.allCases)
    func whoIsNotMeIsLockedOutAfterASecondQuestion(_ language: Language) async throws {
        let words = Words(language)
        let model = try await notMe(words)
        let lockOut = try #require(model.lockOut)
        var shown = texts(model, words)
        #expect(shown.contains(words("advice.password")) && shown.contains(words("account.lock_out")))
        #expect(!shown.contains(words("account.lock_out.body")) && !shown.contains(words("account.locked_out")))

        // Cancelled: nothing was sent, and it is offered as before.
        for means in [false, true] {
            let sent = device.network.sent.value
            let locking = Task { await lockOut.handle(.lock) }
            #expect(await eventually { lockOut.stage == .asking })
            shown = texts(model, words)
            // What can't be undone is said before.
            #expect(shown.contains(words("account.lock_out.title")) && shown.contains(words("account.lock_out.body")))
            await lockOut.handle(.confirm(means))
            await locking.value
            #expect(lockOut.stage == (means ? .locked : .offered))
            #expect((device.network.sent.value > sent) == means)
        }
        shown = texts(model, words)
        #expect(shown.contains(words("account.locked_out")) && shown.contains(words("account.locked_out.next")))
        #expect(shown.contains(words("advice.password")) && !shown.contains(words("account.lock_out")))
        let history = HistoryModel(app.phone)
        await history.handle(.load)
        #expect(_texts(HistoryView(model: history, words: words)).contains(words("history.locked_out")))
        // Nobody signs in any more.
        let tested = try await phone.runner().run(.selfTest(account: account, host: HostFacts())).outcome
        guard case .tested(let checks) = tested else { throw Unexpected(tested) }
        #expect(checks.contains { $0.reason == .accountBlocked })
    }

    @Test func whatFailedIsNamedAndCanBeTriedAgain() async throws {
        let words = Words(.english)
        let model = try await notMe(words)
        let lockOut = try #require(model.lockOut)
        func lock() async {
            let locking = Task { await lockOut.handle(.lock) }
            #expect(await eventually { lockOut.stage == .asking })
            await lockOut.handle(.confirm(true))
            await locking.value
        }
        device.network.isOn.value = false
        await lock()
        #expect(lockOut.stage == .failed(.reason(.noNetwork)))
        let shown = texts(model, words)
        #expect(shown.contains(words.what(Reason.noNetwork)) && shown.contains(words("account.lock_out")))
        device.network.isOn.value = true
        await lock()
        #expect(lockOut.stage == .locked)
    }

    enum DeclineFails: CaseIterable { case offline, refused, ended, expired }

    @Test(arguments: DeclineFails.allCases)
    func whatToDoNowIsSaidAlsoWhereTheDeclineFailed(_ why: DeclineFails) async throws {
        let suite = why == .expired ? try await LockOutTests(["--challenge-seconds", "5"]) : self
        try await suite.whatToDoNowIsSaid(after: why)
    }

    private func whatToDoNowIsSaid(after why: DeclineFails) async throws {
        let words = Words(.english)
        await app.accounts.handle(.look)
        await app.showRequests(words)
        let model = try #require(app.requests)
        let request = try #require(model.state.current).request.id
        let stage: RequestState.Stage
        switch why {
        case .offline:
            device.network.isOn.value = false
            stage = .failed(.reason(.noNetwork))
        case .refused:
            device.network.status.value = 403
            stage = .failed(.reason(.requestNotUnderstood))
        case .ended:
            // By another process of this phone.
            let decline = Job.decline(account: account, request: request, reason: .notMe)
            _ = try await phone.runner(on: phone.vault.reopened()).run(decline)
            stage = .failed(.reason(.requestEnded))
        case .expired:
            // At the server, and by the phone's clock, which no tick has looked at.
            try await Task.sleep(for: .seconds(6))
            device.time.pass(ms: 6_000)
            stage = .ended(
                Answered(
                    request: request, result: .expired, reason: .requestExpired, triesLeft: nil, beforeBlock: nil,
                    displayCode: nil))
        }
        await model.handle(.notMe)
        #expect(model.state.stage == stage)
        let shown = texts(model, words)
        for key in ["advice.password", "advice.help_desk", "account.lock_out"] {
            #expect(shown.contains(words(key)), "\(key)")
        }
    }

    @Test func theNextRequestBeginsWithoutIt() async throws {
        let words = Words(.english)
        let model = try await notMe(words)
        #expect(model.lockOut != nil)
        await model.handle(.next)
        #expect(model.lockOut == nil)
    }

    @Test func aQuestionWhosePlaceAnotherSignInTakesIsAnsweredByNobody() async throws {
        let words = Words(.english)
        let model = try await notMe(words)
        let lockOut = try #require(model.lockOut)
        Task { await lockOut.handle(.lock) }
        #expect(await eventually { lockOut.stage == .asking })
        try await Browser(phone.site).signIn()
        await app.accounts.handle(.look)
        await app.showRequests(words)
        #expect(try #require(app.requests) !== model)
        #expect(await eventually { lockOut.stage == .offered })
        #expect(try phone.core.unfinished(now: now()) == [])
    }

    @Test func aQuestionThatGoesWithTheAccountsPageIsAnsweredByNobody() async throws {
        let words = Words(.english)
        let model = AccountModel(app.phone, id: account, why: "")
        await model.handle(.load)
        let view = AccountView(model: model, accounts: app.accounts, words: words)
        let sent = device.network.sent.value
        Task { await model.lockOut.handle(.lock) }
        #expect(await eventually { model.lockOut.stage == .asking })
        #expect(_texts(view, .last).contains(words("account.lock_out.body")))
        #expect(await eventually { model.lockOut.stage == .offered })
        #expect(device.network.sent.value == sent)
        #expect(try phone.core.unfinished(now: now()) == [])
        let shown = _texts(view)
        #expect(shown.contains(words("account.lock_out")) && !shown.contains(words("account.lock_out.body")))
    }

    @Test func theAccountsPageLocksAsWell() async throws {
        let words = Words(.english)
        let model = AccountModel(app.phone, id: account, why: "")
        await model.handle(.load)
        func shown() -> [String] { _texts(AccountView(model: model, accounts: app.accounts, words: words)) }
        #expect(shown().contains(words("account.lock_out.detail")))
        let locking = Task { await model.lockOut.handle(.lock) }
        #expect(await eventually { model.lockOut.stage == .asking })
        #expect(shown().contains(words("account.lock_out.body")))
        await model.lockOut.handle(.confirm(true))
        await locking.value
        #expect(shown().contains(words("account.locked_out.next")) && !shown().contains(words("account.lock_out")))
    }
}
