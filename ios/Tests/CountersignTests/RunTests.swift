import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// A whole set-up, sign-ins and all else that is done with a server, against the practice site.
@Suite struct RunTests {
    @Test func aSetUpAndASignInByNumber() async throws {
        let phone = try await PhoneAtSite()
        let person = Answers()
        let account = try await phone.setUp(person)
        guard case .trust(let origin, _, let system) = try #require(await person.asked.first) else {
            Issue.record("the first question is not whether to trust")
            return
        }
        #expect(origin.text == phone.site.base + "/realms/practice" && origin.plainHttp)
        #expect(origin.host == "127.0.0.1" && system == "Keycloak (Push MFA)")
        let approvals: ApprovalDetails? = try phone.core.details(id: account, now: now()).approvals
        #expect(approvals?.key?.algorithm == .es256 && phone.keys.ids == [approvals?.key?.id])

        let request = try #require(await phone.requests(account).first)
        #expect(request.answer == .number && request.expiresAt > now().wall)
        #expect(try phone.core.lastSeen(now: now()) == [SeenRequest(account: account, request: request)])
        #expect(try (-2...2).contains(#require(try phone.core.clockOffset(now: now()))))
        let signer = Answers(typed: [phone.browser.number])
        let ended = try await phone.runner().run(.approve(account: account, request: request.id), asking: signer)
        #expect(ended.answered?.result == .approved)
        try await phone.browser.get("/setup/try")
        #expect(phone.browser.title == "Authenticator added")
        let asked = await signer.asked
        #expect(asked == [.answer(request: request, triesLeft: 2, missed: false), .presence(request: request)])
        #expect(try await phone.requests(account) == [])
    }

    @Test func aWrongNumberMayBeCorrectedOnceAndEndsTheRequestTwice() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let request = try #require(await phone.requests(account).first)
        let wrong = Answers(typed: wrongNumbers)
        let ended = try await phone.runner().run(.approve(account: account, request: request.id), asking: wrong)
        #expect(ended.answered?.result == .wrongAnswer)
        try await phone.browser.get("/setup/try")
        #expect(phone.browser.title != "Authenticator added")
        let again = try await phone.runner().run(.approve(account: account, request: request.id))
        #expect(again.outcome == .refused(reason: .requestEnded))
    }

    @Test func notMeAndNotThere() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let request = try #require(await phone.requests(account).first)
        let away = Answers(presence: false, typed: [phone.browser.number])
        let ended = try await phone.runner().run(.approve(account: account, request: request.id), asking: away)
        #expect(ended.outcome == .refused(reason: .presenceRefused))
        let declined = try await phone.runner()
            .run(.decline(account: account, request: request.id, reason: DeclineReason.notMe))
        #expect(declined.answered?.result == AnswerResult.declined)
        let past = try #require(phone.vault.core.history(now: now()).first)
        #expect(past.request == request.id && past.decline == DeclineReason.notMe)
        #expect(past.standing == .answered(result: .declined) && past.cameFrom == request.place)
        #expect(try #require(past.answeredAt) >= past.seenAt)
        #expect(try phone.vault.core.clearHistory(now: now()) > 0)
    }

    @Test func noTrustNoByte() async throws {
        let phone = try await PhoneAtSite()
        let ended = try await phone.runner().run(phone.enrol(), asking: Answers(trust: false))
        #expect(ended.outcome == .refused(reason: .trustRefused) && ended.added == nil && phone.keys.ids == [])
    }

    @Test func allElseThatIsDoneWithAServer() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let old = try #require(phone.keys.ids.first)
        #expect(try await phone.runner().run(.rotateKey(account: account)).outcome == .rotated)
        #expect(phone.keys.ids.count == 1 && phone.keys.ids != [old])
        let addresses: [PushAddress] = [
            .fcm(token: "token"), .unifiedPush(endpoint: "https://push.example/x"), .noPush,
        ]
        for address in addresses {
            let ended = try await phone.runner().run(.setPushAddress(account: account, address: address))
            #expect(ended.outcome == .pushAddressSet)
        }
        let facts = HostFacts(online: true, notifications: false, background: true)
        let tested = try await phone.runner().run(.selfTest(account: account, host: facts)).outcome
        guard case .tested(let checks) = tested else {
            Issue.record("no checks")
            return
        }
        let working: [CheckKind] = [.key, .network, .server, .client, .registration, .clock, .background]
        #expect(Set(checks.filter { $0.works == true }.map(\.kind)).isSuperset(of: working))
        #expect(checks.first { $0.kind == .notifications }?.reason == .notificationsOff)
        let person = Answers()
        #expect(try await phone.runner().run(.lockOut(account: account), asking: person).outcome == .lockedOut)
        #expect(await person.asked == [.lockOut])
        let past = try #require(try phone.core.history(now: now()).first)
        #expect(past.standing == .lockedOut && past.account == account && past.request == "")
    }

    @Test func aLookInTheBackground() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let background = try Background.open(path: phone.vault.path, watchKey: phone.core.watchKey(now: now()))
        #expect(try background.accounts() == [account] && background.label(account: account) == nil)
        #expect(try background.due(now: now()) == [account])
        refused(.noSuchRun) { try background.next(turn: 1, event: .woke, now: now()) }
        refused(.noApprovals) { try background.begin(account: "nobody", now: now()) }
        var turn = try background.begin(account: account, now: now())
        while true {
            if case .done(let outcome) = turn.step {
                let seen = try background.lastSeen(account: account)
                #expect(outcome == .checked(requests: seen, hidden: nil) && seen.count == 1)
                break
            }
            let event = try await phone.steps().perform(turn.step)
            turn = try background.next(turn: turn.number, event: event, now: now())
        }
        try phone.core.remove(id: account, now: now())
        #expect(try background.accounts() == [])
        #expect(try phone.core.purge(id: account, now: now()) == Array(phone.keys.ids))
    }

    @Test func aSignInByPin() async throws {
        let phone = try await PhoneAtSite(["--verification", "pin", "--token-in-code"])
        let account = try await phone.setUp()
        let request = try #require(await phone.requests(account).first)
        guard case AnswerKind.pin = request.answer else {
            Issue.record("\(request.answer)")
            return
        }
        let person = Answers(typed: [phone.browser.number])
        let ended = try await phone.runner().run(.approve(account: account, request: request.id), asking: person)
        #expect(ended.answered?.result == .approved)
    }

    @Test func clientCredentialsAreAskedFor() async throws {
        let phone = try await PhoneAtSite(["--verification", "none"])
        var link = try #require(URLComponents(string: phone.link))
        let value = { (name: String) in link.queryItems?.first { $0.name == name }?.value ?? "" }
        let person = Answers(client: (value("client_id"), value("client_secret")))
        link.queryItems = link.queryItems?.filter { !$0.name.hasPrefix("client_") }
        let bare = scan(link.string!)
        let ended = try await phone.runner().run(phone.enrol(bare), asking: person)
        guard case .enrolled(_, let name) = ended.outcome else { throw Unexpected(ended.outcome) }
        #expect(try phone.core.summary(id: #require(ended.added), now: now()).name == name)
        #expect(await person.asked.contains { if case .client = $0 { true } else { false } })
    }
}

extension Ended {
    var answered: Answered? { if case .answered(let answered) = outcome { answered } else { nil } }
}
