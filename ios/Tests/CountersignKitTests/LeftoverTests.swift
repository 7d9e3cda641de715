import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// What an app that is gone had begun comes to its end in the next one, which tells so.
@MainActor @Suite struct LeftoverTests {
    let phone: PhoneAtSite
    let device: FakeDevice

    init() async throws {
        phone = try await PhoneAtSite()
        device = FakeDevice(keys: phone.keys, time: FakeTime(now(aheadMs: 240_000)))
    }

    /// The next app, after the time in which the one before counts as alive.
    func next(_ core: Authenticator? = nil) throws -> OpenApp {
        try OpenApp(Phone(core ?? phone.vault.reopened(), device.platform(phone.vault.path)))
    }

    /// Begins a job, and leaves it before it sends something to an address that ends like this.
    @discardableResult
    func leave(_ job: Job, before end: String) async throws -> RunId {
        let run = try phone.core.begin(job: job, now: now())
        _ = try await phone.carryOut(run) { step in
            if case .send(let request) = step { request.url.hasSuffix(end) } else { false }
        }
        return run
    }

    /// The one that is set up.
    func account(_ app: OpenApp) throws -> Summary { try #require(app.accounts.state.accounts.first) }

    func leaveADecline() async throws {
        let account = try await phone.setUp()
        let request = try #require(await phone.requests(account).first)
        try await leave(.decline(account: account, request: request.id, reason: .notMe), before: "/respond")
    }

    @Test func aDeclineThatNoServerIsToldOfIsDone() {
        let declined = Answered(
            request: "1", result: .declined, reason: .noDecline, triesLeft: nil, beforeBlock: nil, displayCode: nil)
        #expect(Leftover.End(.answered(answered: declined)) == .answered)
    }

    @Test func aSetUpIsFinishedAndToldUntilItIsRead() async throws {
        try await leave(phone.enrol(), before: "/enroll/complete")
        let app = try next()
        await app.goOn()
        #expect(app.accounts.state.leftovers == [Leftover(.setUp(issuer: "Practice", name: "alice"))])
        #expect(app.accounts.state.accounts.map(\.name) == ["alice"])
        await app.accounts.handle(.leftoversRead)
        #expect(app.accounts.state.leftovers == [])
    }

    @Test func anAnswerIsSentAndTold() async throws {
        try await leaveADecline()
        let app = try next()
        await app.goOn()
        #expect(try app.accounts.state.leftovers == [Leftover(.answered, of: account(app))])
    }

    @Test func whatCanNotBeFinishedIsToldWithItsReason() async throws {
        try await leaveADecline()
        device.network.isOn.value = false
        let app = try next()
        await app.goOn()
        #expect(try app.accounts.state.leftovers == [Leftover(.answerStopped(.resultUnknown), of: account(app))])
    }

    @Test func whatAnotherVersionBeganIsClearedAwayAndKeepsNothingElseFromItsEnd() async throws {
        try await leaveADecline()
        let other = PracticeSite()
        defer { other.stop() }
        let browser = try await Browser(other)
        try await browser.signIn()
        let keys = phone.keys.ids
        let old = try await leave(phone.enrol(scan(browser.setUp())), before: "/enroll/complete")
        #expect(phone.keys.ids.count == keys.count + 1)
        let core = try phone.vault.reopened()
        let app = try next(Updated(core, old))
        await app.goOn()
        let told = app.accounts.state.leftovers
        let outdated = Leftover(.stopped(.reason(.flowOutdated)))
        #expect(try told.count == 2 && told.contains(Leftover(.answered, of: account(app))) && told.contains(outdated))
        #expect(phone.keys.ids == keys)
        #expect(try core.unfinished(now: device.time.now()) == [])
    }
}

/// The same core as an update of the app sees it, which can't read what the version before has begun.
private final class Updated: Authenticator, @unchecked Sendable {
    private let old: RunId

    init(_ core: Authenticator, _ old: RunId) {
        self.old = old
        super.init(unsafeFromHandle: core.uniffiCloneHandle())
    }

    required init(unsafeFromHandle handle: UInt64) {
        old = ""
        super.init(unsafeFromHandle: handle)
    }

    override func resume(run: RunId, now: Now) throws -> Turn {
        if run == old { throw CountersignError.Refused(reason: .flowOutdated) }
        return try super.resume(run: run, now: now)
    }
}
