import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// The whole job through the presenters, against the real practice site: what a person does with the app.
@MainActor @Suite final class SignInTests: OpenAppSuite {
    let site = PracticeSite()
    /// Adds the account of the page's code; the page shows its first number then.
    func setUp(_ browser: Browser) async throws {
        try await browser.signIn()
        let link = try await browser.setUp()
        let add = AddModel(app.phone)
        await add.handle(.kind(.work))
        await add.handle(.way(.paste))
        await add.handle(.text(PickedContent(link)))
        guard case .found(let code) = add.state.stage else { throw Missing("no code: \(add.state)") }
        #expect(code.about.isApproval)
        let adding = Task { await add.handle(.add) }
        guard await eventually({ if case .trust = add.state.stage { true } else { false } }) else {
            throw Missing("no question of trust: \(add.state)")
        }
        #expect(device.network.sent.value == 0, "something was sent before the server was trusted")
        guard case .trust(let origin, _, let system) = add.state.stage else { return }
        #expect(origin.text == browser.base + "/realms/practice" && system == "Keycloak (Push MFA)")
        await add.handle(.trust(true))
        await adding.value
        guard case .added(let added) = add.state.stage else { throw Missing("not added: \(add.state)") }
        #expect(added.summary.approvals && !added.wasThere)
        try await browser.get("/setup/scan")
        try await browser.post("/setup/next")
    }

    /// Looks, and opens the request.
    func request() async throws -> RequestModel {
        await app.accounts.handle(.load)
        await app.accounts.handle(.look)
        await app.showRequests(words)
        guard let model = app.requests else { throw Missing("no request: \(app.accounts.state.look)") }
        return model
    }

    @Test func aSetUpAndASignInByNumber() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        #expect(model.state.current?.request.answer == .number && model.secondsLeft(model.state.current!) > 0)
        await model.handle(.yes(browser.number))
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .approved && device.lock.asked.value == 1)
        try await browser.get("/setup/try")
        #expect(browser.title == "Authenticator added")
        #expect(device.secrets.stored.value[.head]?.count == 24)

        // The next sign-in of the same account, at a fresh browser.
        let other = try await Browser(site)
        try await other.signIn()
        app.leaveRequests()
        #expect(await eventually { app.accounts.state.waiting.isEmpty })
        let second = try await request()
        await second.handle(.yes(other.number))
        guard case .ended(let again) = second.state.stage else { throw Missing("\(second.state.stage)") }
        #expect(again.result == .approved)
    }

    @Test func theSettingsTellHowTheClockStandsToTheServer() async throws {
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.load)
        #expect(settings.state.secondsAhead == nil && settings.state.report.contains("clock: not known"))
        // Before the set-up: the server tells its time with an access token, which is good for longer than this.
        device.time.pass(ms: 90_000)
        try await setUp(Browser(site))
        _ = try await request()
        await settings.handle(.load)
        let ahead = try #require(settings.state.secondsAhead)
        // A second or two is the way that a reply takes.
        #expect((88...92).contains(ahead), "\(ahead)")
        #expect(settings.state.report.contains("clock: \(ahead) s ahead of the servers"))
    }

    @Test func aSignInIsFoundWhateverTheListIsNarrowedTo() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        try vault.add("bob")
        await app.accounts.handle(.load)
        let bob = try #require(app.accounts.state.accounts.first { $0.name == "bob" })
        await app.accounts.handle(.select(bob.id))
        await app.accounts.handle(.tagSelected("private"))
        await app.accounts.handle(.search("bob"))
        await app.accounts.handle(.filter("private"))
        #expect(app.accounts.state.accounts.map(\.name) == ["bob"])
        await app.accounts.handle(.look)
        #expect(app.accounts.state.waiting.count == 1)
    }

    @Test func aTapForSomethingElseDoesNotApproveWhatHasJustCome() async throws {
        let site = PracticeSite(["--verification", "none"])
        defer { site.stop() }
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        device.lock.answers.value = false
        device.time.pass(ms: 10_000)
        await model.handle(.appeared)
        for asked in 0..<2 {
            await model.handle(.yes(""))
            device.time.pass(ms: 499)
            await model.handle(.yes(""))
            #expect(model.state.stage == .asking && device.lock.asked.value == asked)
            device.time.pass(ms: 1)
            await model.handle(.yes(""))
            #expect(model.state.stage == .failed(.reason(.presenceRefused)) && device.lock.asked.value == asked + 1)
            // Once more: Yes comes to where this was tapped.
            await model.handle(.next)
        }
        await model.handle(.notMe)
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .declined)
    }

    @Test func aWrongNumberIsCorrectedOnce() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        let answering = Task { await model.handle(.yes(wrongNumbers[0])) }
        #expect(await eventually { model.state.missed })
        #expect(model.state.triesLeft == 1 && model.state.stage == .asking)
        await model.handle(.yes(browser.number))
        await answering.value
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .approved)
    }

    @Test func twoWrongNumbersEndTheRequest() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        let answering = Task { await model.handle(.yes(wrongNumbers[0])) }
        #expect(await eventually { model.state.missed })
        await model.handle(.yes(wrongNumbers[1]))
        await answering.value
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .wrongAnswer && device.lock.asked.value == 0)
        try await browser.get("/setup/try")
        #expect(browser.title != "Authenticator added")
    }

    @Test func afterOneThatExpiredWhileItWaitedForAnotherNumberTheNextOneComes() async throws {
        try await setUp(Browser(site))
        let model = try await request()
        let first = try #require(model.state.current)
        let isOver = Box(false)
        Task {
            await model.handle(.yes(wrongNumbers[0]))
            isOver.value = true
        }
        #expect(await eventually { model.state.missed })
        let wall = device.time.now().wall
        let second = SeenRequest(
            account: first.account,
            request: Request(
                id: "2", application: "Mail", account: "alice", question: "", askedAt: wall, seenAt: nil,
                expiresAt: first.request.expiresAt + 60, answer: .number, takesDeclineReason: true, place: nil))
        await model.handle(.found([second, first]))
        device.time.pass(ms: UInt64(model.secondsLeft(first)) * 1000)
        await model.handle(.tick)
        #expect(await eventually { isOver.value })
        // That its run ended without an answer is nothing to tell.
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .expired)
        #expect(try vault.core.unfinished(now: device.time.now()).isEmpty)
        await model.handle(.next)
        #expect(model.state.current == second && model.state.stage == .asking && !model.state.missed)
    }

    @Test func oneThatWantsSomethingElseThanAnotherNumberIsBegunAnew() async throws {
        try await setUp(Browser(site))
        let model = try await request()
        let isOver = Box(false)
        Task {
            await model.handle(.yes(wrongNumbers[0]))
            isOver.value = true
        }
        #expect(await eventually { model.state.missed })
        let (seen, sent) = (try #require(model.state.current), device.network.sent.value)
        let request = seen.request
        let plain = SeenRequest(
            account: seen.account,
            request: Request(
                id: request.id, application: request.application, account: request.account, question: "",
                askedAt: request.askedAt, seenAt: nil, expiresAt: request.expiresAt, answer: .confirmation,
                takesDeclineReason: true, place: nil))
        await model.handle(.found([plain]))
        // The run that asked for a number ends, and nothing was sent.
        #expect(await eventually { isOver.value })
        #expect(device.network.sent.value == sent)
        #expect(try vault.core.unfinished(now: device.time.now()).isEmpty)
        #expect(model.state.current == plain && model.state.stage == .asking)
        #expect(!model.state.missed && model.state.triesLeft == nil)
    }

    @Test func notMe() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        let answering = Task { await model.handle(.yes(wrongNumbers[0])) }
        #expect(await eventually { model.state.missed })
        await model.handle(.notMe)
        await answering.value
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .declined && model.state.isNotMe)
        #expect(try vault.core.history(now: now()).first?.decline == DeclineReason.notMe)
        await app.accounts.handle(.look)
        #expect(app.accounts.state.look == .nothing)
    }

    @Test func aRequestThatWaitsForAnotherNumberIsReleasedWhenTheVaultLocks() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        await SettingsModel(self.app.phone, why: "").handle(.deviceLock(true))
        vault.core.lock()
        let app = AppModel(device.platform(vault.path))
        await app.handle(.start)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        await unlock.handle(.device)
        guard case .open(let open) = app.screen else { throw Missing("not open") }
        await open.accounts.handle(.load)
        await open.accounts.handle(.look)
        await open.showRequests(words)
        let model = try #require(open.requests)
        let ended = Box(false)
        Task {
            await model.handle(.yes(wrongNumbers[0]))
            ended.value = true
        }
        #expect(await eventually { model.state.missed })
        await app.handle(.lock)
        #expect(await eventually { ended.value })
        #expect(open.requests == nil)
    }

    @Test func aRequestThatIsLeftAfterAWrongNumberCanBeAnsweredLater() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        let answering = Task { await model.handle(.yes(wrongNumbers[0])) }
        #expect(await eventually { model.state.missed })
        app.leaveRequests()
        await answering.value
        #expect(try vault.core.unfinished(now: now()).isEmpty)
        let again = try await request()
        #expect(again !== model)
        await again.handle(.yes(browser.number))
        guard case .ended(let answered) = again.state.stage else { throw Missing("\(again.state.stage)") }
        #expect(answered.result == .approved)
    }

    @Test func aSecondSignInTakesThePlaceOfOneThatHasEnded() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let first = try await request()
        await first.handle(.yes(browser.number))
        guard case .ended = first.state.stage else { throw Missing("\(first.state.stage)") }
        try await browser.get("/setup/try")

        let other = try await Browser(site)
        try await other.signIn()
        app.enter(.exporting, words)
        app.adding = AddModel(app.phone)
        await app.accounts.handle(.look)
        await app.showRequests(words)
        let second = try #require(app.requests)
        #expect(second !== first && second.state.stage == .asking && second.state.waiting.count == 1)
        #expect(app.adding == nil && app.room == nil)

        // One that is being answered stays.
        await app.showRequests(words)
        #expect(app.requests === second && second.state.waiting.count == 1)
        await second.handle(.yes(other.number))
        guard case .ended(let answered) = second.state.stage else { throw Missing("\(second.state.stage)") }
        #expect(answered.result == .approved)
    }

    @Test func whatComesWhileOneIsOnTheScreenStandsWithTheOthers() async throws {
        let later = [PracticeSite(), PracticeSite()]
        defer { for site in later { site.stop() } }
        try await setUp(Browser(site))
        let model = try await request()
        let first = try #require(model.state.current)
        for (index, site) in later.enumerated() {
            device.time.pass(ms: 5_000)
            device.network.sent.value = 0
            try await setUp(Browser(site))
            await app.accounts.handle(.look)
            #expect(model.state.others.count == index + 1)
        }
        let others = model.state.others
        try #require(others.count == 2)
        #expect(model.state.current == first && others[0].request.askedAt! > others[1].request.askedAt!)
        #expect(others.allSatisfy { model.state.accounts[$0.account] != nil })

        // One of them is answered behind the screen's back.
        let decline = Job.decline(account: others[0].account, request: others[0].request.id, reason: .notMe)
        guard case .answered = try await app.phone.run(decline).outcome else { throw Missing("no answer") }
        await app.accounts.handle(.look)
        #expect(model.state.current == first && model.state.others == [others[1]])
    }

    @Test func offlineNothingIsLost() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        device.network.isOn.value = false
        await model.handle(.yes(browser.number))
        #expect(model.state.stage == .failed(.reason(.noNetwork)))
        await app.accounts.handle(.look)
        #expect(app.accounts.state.waiting.count == 1 && app.accounts.state.look == .failed(.reason(.noNetwork)))
        device.network.isOn.value = true
        await model.handle(.next)
        await model.handle(.yes(browser.number))
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .approved)
    }

    @Test func whyALookFailedIsToldUntilALaterOneOfThatAccountSucceeds() async throws {
        try await setUp(Browser(site))
        await app.accounts.handle(.load)
        device.network.isOn.value = false
        await app.accounts.handle(.look)
        #expect(app.accounts.state.look == .failed(.reason(.noNetwork)))
        device.network.isOn.value = true
        // The app looks by itself; after a failure the pause is 30 seconds and up to a fifth by chance.
        device.time.pass(ms: 37_000)
        await app.accounts.handle(.tick)
        #expect(await eventually { app.accounts.state.waiting.count == 1 })
        #expect(await eventually { app.accounts.state.look == .quiet })
    }

    @Test func whyMoreWaitsThanCanBeToldIsToldBesideWhatWaitsAndWhereThatHasEnded() async throws {
        try await setUp(Browser(site))
        let listed = Box<HttpReply?>(nil)
        device.network.changed.value = { request, event in
            guard case .reply(let reply) = event, request.url.contains("/login/pending") else { return event }
            let list = listed.value ?? reply.withUnreadable
            listed.value = list
            return .reply(reply: list)
        }
        let failed = AccountsState.Look.failed(.reason(.replyUnreadable))
        let model = try await request()
        #expect(app.accounts.state.waiting.count == 1 && app.accounts.state.look == failed)
        await model.handle(.notMe)
        await app.accounts.handle(.look)
        #expect(app.accounts.state.waiting == [] && app.accounts.state.look == failed)
    }

    @Test func aLookWhoseEndIsNotKnownHasNotFoundThatNothingWaits() async throws {
        try await setUp(Browser(site))
        let app = OpenApp(Phone(Unknowing(vault.core), device.platform(vault.path)))
        await app.accounts.handle(.load)
        await app.accounts.handle(.look)
        #expect(app.accounts.state.look == .failed(.reason(.tooManySteps)))
    }

    @Test func aDeclineThatCannotBeRecordedIsToldAndCanBeTriedAgain() async throws {
        try await setUp(Browser(site))
        let model = try await request()
        let seen = try #require(model.state.current)
        let (writing, sent) = (vault.held(), device.network.sent.value)
        await model.handle(.notMe)
        writing.stop()
        #expect(model.state.stage == .failed(.reason(.inUse)) && model.state.isNotMe)
        // Nothing has left the phone, and it waits on.
        #expect(device.network.sent.value == sent)
        #expect(try vault.core.lastSeen(now: device.time.now()) == [seen])
        await model.handle(.next)
        #expect(model.state.current == seen && model.state.stage == .asking && !model.state.isNotMe)
        await model.handle(.notMe)
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .declined)
    }

    @Test func aDeclineThatWasSentWhileAnotherProcessWritesIsRecordedAfterIt() async throws {
        try await setUp(Browser(site))
        let model = try await request()
        let writing = Box<Task<Void, any Error>?>(nil)
        device.network.replied.value = { [vault] in
            guard writing.value == nil else { return }
            let other = vault.held()
            writing.value = Task {
                // Longer than the core waits, which is 5 s.
                try await Task.sleep(for: .seconds(7))
                other.stop()
            }
        }
        await model.handle(.notMe)
        try await writing.value?.value
        guard case .ended(let answered) = model.state.stage else { throw Missing("\(model.state.stage)") }
        #expect(answered.result == .declined && model.state.isNotMe)
        #expect(try vault.core.history(now: now()).first?.decline == DeclineReason.notMe)
    }

    @Test func somebodyElseHoldsThePhone() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        device.lock.answers.value = false
        await model.handle(.yes(browser.number))
        #expect(model.state.stage == .failed(.reason(.presenceRefused)))
        try await browser.get("/setup/try")
        #expect(browser.title != "Authenticator added")
    }

    @Test func expectingASignInFindsItWithinItsTwoMinutes() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let model = try await request()
        await model.handle(.yes(browser.number))
        app.requests = nil
        await app.accounts.handle(.load)
        let before = device.time.now().steadyMs
        await app.accounts.handle(.expect)
        #expect(app.accounts.state.look == .nothing)
        let waited = device.time.now().steadyMs - before
        #expect((118_000...124_000).contains(waited))

        let other = try await Browser(site)
        try await other.signIn()
        await app.accounts.handle(.expect)
        #expect(app.accounts.state.waiting.count == 1 && app.accounts.state.look == .quiet)
    }

    @Test func expectingASignInOutlivesAServerThatIsSilentAndEndsWithoutANetwork() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        await app.accounts.handle(.load)
        device.network.failures.value = Array(repeating: .timedOut, count: 3)
        await app.accounts.handle(.expect)
        #expect(device.network.failures.value == [] && app.accounts.state.waiting.count == 1)
        try await request().handle(.notMe)
        await app.accounts.handle(.load)
        device.network.isOn.value = false
        await app.accounts.handle(.expect)
        #expect(app.accounts.state.look == .failed(.reason(.noNetwork)))
    }

    @Test func whileItIsOpenTheAppLooksByItself() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        await app.accounts.handle(.load)
        #expect(app.accounts.state.waiting == [] && app.accounts.state.canLook)
        await app.accounts.handle(.tick)
        #expect(await eventually { app.accounts.state.waiting.count == 1 })
        #expect(app.accounts.state.look == .quiet)
        let sent = device.network.sent.value
        device.time.pass(ms: 5_000)
        await app.accounts.handle(.tick)
        #expect(device.network.sent.value == sent, "looked again too soon")
        try await request().handle(.notMe)
        app.leaveRequests()
        let other = try await Browser(site)
        try await other.signIn()
        device.time.pass(ms: 20_000)
        await app.accounts.handle(.tick)
        #expect(await eventually { app.accounts.state.waiting.count == 1 })
    }

    @Test func aLookThatWasAskedForIsNotOverWithOneThatWasAnsweredBefore() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        try await request().handle(.notMe)
        app.leaveRequests()
        let other = try await Browser(site)
        device.time.pass(ms: 20_000)
        let (isAnswered, mayArrive) = (Box(false), Box(false))
        device.network.replied.value = {
            isAnswered.value = true
            while !mayArrive.value { try? await Task.sleep(for: .milliseconds(1)) }
        }
        // The app looks by itself; meanwhile a sign-in begins and the person asks.
        await app.accounts.handle(.tick)
        #expect(await eventually { isAnswered.value })
        try await other.signIn()
        let looking = Task { await app.accounts.handle(.look) }
        #expect(await eventually { app.accounts.state.look == .looking })
        mayArrive.value = true
        await looking.value
        #expect(app.accounts.state.waiting.count == 1 && app.accounts.state.look == .quiet)
    }

    @Test func nothingIsHeardOfASilencedAccountForAWhile() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        await SettingsModel(app.phone, why: "").handle(.background(true))
        await app.accounts.handle(.load)
        let id = app.accounts.state.accounts[0].id
        await app.accounts.handle(.beQuiet(id))
        let quiet = try #require(app.accounts.state.floods.first)
        #expect(try quiet.summary.id == id && #require(quiet.flood.quietUntil) > now().wall)
        #expect(try await BackgroundCheck(device.platform(vault.path)).run(words) == 0)
        #expect(device.notifications.shown.value == [])
        await app.accounts.handle(.endQuiet(id))
        #expect(app.accounts.state.floods.allSatisfy { $0.flood.quietUntil == nil })
        #expect(try await BackgroundCheck(device.platform(vault.path)).run(words) == 1)
    }

    @Test func eachServersClockAndWhoseCodesAreMadeByIt() async throws {
        let model = SettingsModel(app.phone, why: "").clocks
        await model.handle(.load)
        #expect(model.state.clocks == [] && model.state.isLoaded)
        let browser = try await Browser(site)
        try await setUp(browser)
        _ = try await request()
        await model.handle(.load)
        let clock = try #require(model.state.clocks.first)
        #expect(clock.clock.origin == browser.base + "/realms/practice" && (-2...2).contains(clock.secondsAhead))
        #expect(!clock.clock.usedForCodes && !clock.hasCodes)
        await model.handle(.use(account: clock.summary.id, true))
        #expect(model.state.clocks.map(\.clock.usedForCodes) == [true] && model.state.trouble == nil)
    }

    @Test func aSetUpCodeIsShownToTheOwnerOnly() async throws {
        let model = AccountModel(app.phone, id: try vault.add(), why: "")
        device.lock.answers.value = false
        await model.handle(.showSetupCode)
        #expect(model.state.setupPicture == nil && model.state.trouble == .reason(.presenceRefused))
        device.lock.answers.value = true
        await model.handle(.showSetupCode)
        #expect(model.state.setupPicture != nil && device.lock.asked.value == 2)
    }

    @Test func whatCanBeDoneWithTheAccount() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        await app.accounts.handle(.load)
        let model = AccountModel(app.phone, id: app.accounts.state.accounts[0].id, why: "")
        await model.handle(.load)
        #expect(model.state.keyInHardware == false)
        await model.handle(.test)
        #expect(model.state.checks?.contains { $0.works == false } == false)
        let old = device.keys.ids
        await model.handle(.renewKey)
        #expect(model.state.notice == .keyRenewed && device.keys.ids.count == 1 && device.keys.ids != old)
        for label in ["Work", ""] {
            await model.handle(.save(AccountFields(issuer: "Org", name: "me", tags: "a, b、c", note: "n", label: label)))
            #expect(model.state.trouble == nil)
            let again = AccountModel(app.phone, id: model.id, why: "")
            await again.handle(.load)
            #expect(again.state.fields.label == label && again.state.fields.tags == "a, b, c")
            #expect(again.state.fields.issuer == "Org" && again.state.fields.name == "me")
        }
        let locking = Task { await model.lockOut.handle(.lock) }
        #expect(await eventually { model.lockOut.stage == .asking })
        await model.lockOut.handle(.confirm(true))
        await locking.value
        #expect(model.lockOut.stage == .locked)
        await model.handle(.remove)
        let trash = TrashModel(app.phone)
        await trash.handle(.load)
        await trash.handle(.purge(model.id))
        #expect(trash.state.accounts == [] && trash.state.trouble == nil && device.keys.ids == [])
    }
}

extension HttpReply {
    /// With an entry beside the others that nobody understands.
    fileprivate var withUnreadable: HttpReply {
        let list = String(decoding: body, as: UTF8.self)
        let longer = list.replacingOccurrences(of: "\"challenges\":[", with: "\"challenges\":[{},")
        return HttpReply(status: status, headers: headers, body: Data(longer.utf8))
    }
}

/// The same core, in which no run comes to an end that is known.
private final class Unknowing: Authenticator, @unchecked Sendable {
    init(_ core: Authenticator) { super.init(unsafeFromHandle: core.uniffiCloneHandle()) }

    required init(unsafeFromHandle handle: UInt64) { super.init(unsafeFromHandle: handle) }

    override func current(run: RunId, now: Now) throws -> Turn {
        let number = try super.current(run: run, now: now).number
        return Turn(number: number, step: .done(outcome: .unknown(reason: .tooManySteps)))
    }
}
