import Countersign
import CountersignKit
import TestSupport
import Testing

/// What the room of past sign-ins shows, of sign-ins at the practice site.
@MainActor @Suite struct HistoryModelTests {
    let device = FakeDevice()

    /// Whoever answers the request that waits.
    func answer(_ phone: PhoneAtSite, _ account: String, _ job: (Request) -> (Job, Answers)) async throws {
        let request = try #require(await phone.requests(account).first)
        let (job, person) = job(request)
        _ = try await phone.runner().run(job, asking: person)
    }

    /// Another sign-in, at a fresh browser, in a second of its own.
    func signInAgain(_ phone: PhoneAtSite) async throws -> Browser {
        try await SystemTime().sleep(ms: 1_000)
        let browser = try await Browser(phone.site)
        try await browser.signIn()
        return browser
    }

    func open(_ phone: PhoneAtSite, of account: Summary? = nil) async -> HistoryModel {
        let model = HistoryModel(Phone(phone.core, device.platform(phone.vault.path)), of: account)
        await model.handle(.load)
        return model
    }

    @Test func whatBecameOfEachTheNewestFirst() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let asked = now().wall
        try await answer(phone, account) {
            (.approve(account: account, request: $0.id), Answers(typed: [phone.browser.number]))
        }
        _ = try await signInAgain(phone)
        try await answer(phone, account) {
            (.decline(account: account, request: $0.id, reason: DeclineReason.notMe), Answers())
        }
        _ = try await signInAgain(phone)
        let waits = try #require(await phone.requests(account).first)
        let model = await open(phone)
        let standings = model.state.requests.map(\.standing)
        #expect(standings == [.waiting, .answered(result: .declined), .answered(result: .approved)])
        #expect(model.state.requests.map(\.decline) == [nil, DeclineReason.notMe, nil])
        let first = try #require(model.state.requests.last)
        #expect(first.application == "Practice site" && first.name == "alice")
        #expect((asked - 2...asked + 2).contains(first.seenAt))

        // The one that waits ends while it is looked at.
        device.time.pass(ms: UInt64(waits.expiresAt - device.time.now().wall) * 1_000)
        await model.handle(.tick)
        #expect(model.state.requests.first?.standing == .unanswered)
        #expect(model.state.trouble == nil)
    }

    @Test func anAccountHasItsOwn() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let other = try phone.vault.add("bob")
        _ = try await phone.requests(account)
        for (id, count) in [(account, 1), (other, 0)] {
            let model = await open(phone, of: try phone.core.summary(id: id, now: now()))
            #expect(model.state.requests.count == count && model.state.isLoaded)
        }
    }

    @Test func itIsForgottenAfterAQuestion() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        _ = try await phone.requests(account)
        let model = await open(phone)
        await model.handle(.confirmClear(true))
        #expect(model.state.requests.count == 1 && !model.state.asksToClear)
        await model.handle(.clear)
        #expect(model.state.asksToClear)
        await model.handle(.confirmClear(false))
        #expect(model.state.requests.count == 1 && !model.state.asksToClear)
        await model.handle(.clear)
        await model.handle(.confirmClear(true))
        #expect(model.state.requests == [] && !model.state.asksToClear && model.state.trouble == nil)
        #expect(try phone.core.history(now: now()) == [])
        // There is nothing to ask about any more.
        await model.handle(.clear)
        #expect(!model.state.asksToClear)
    }

    @Test func itIsShownUnderTheVaultsKeyOnly() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        _ = try await phone.requests(account)
        let model = await open(phone)
        #expect(model.state.requests.count == 1)
        phone.core.lock()
        await model.handle(.tick)
        #expect(model.state.requests == [] && model.state.trouble == .reason(.locked))
    }
}
