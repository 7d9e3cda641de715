import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Events out of order, apps that were killed, answers that mean nothing.
@Suite struct OrderTests {
    @Test func eventsOutOfOrder() async throws {
        let phone = try await PhoneAtSite()
        let (account, core) = (try await phone.setUp(), phone.core)
        let request = try #require(await phone.requests(account).first)
        let run: RunId = try core.begin(job: .approve(account: account, request: request.id), now: now())
        let first: Turn = try core.current(run: run, now: now())
        let typed = Data("42".utf8)
        let client = ClientAnswer(turn: first.number, id: "x")
        fails(.WrongEvent) { try core.next(run: run, turn: first.number, event: .confirmed(yes: true), now: now()) }
        fails(.WrongEvent) { try core.next(run: run, turn: first.number + 1, event: .woke, now: now()) }
        fails(.WrongEvent) { try core.next(run: run, turn: .max, event: .notAnswered, now: now()) }
        fails(.WrongEvent) { try core.answerTyped(run: run, turn: first.number, answer: typed, now: now()) }
        fails(.WrongEvent) { try core.answerClient(run: run, answer: client, secret: typed, now: now()) }
        let signed = Event.signed(signature: Data(count: 5000))
        fails(.WrongEvent) { try core.next(run: run, turn: first.number, event: signed, now: now()) }
        #expect(try core.current(run: run, now: now()) == first)

        let asking = try await phone.carryOut(run, to: { if case .ask = $0 { true } else { false } })
        fails(.WrongEvent) {
            try core.answerTyped(run: run, turn: asking.number, answer: Data(count: 2000), now: now())
        }
        // An event for an older turn changes nothing: a late reply, a double tap.
        #expect(try core.next(run: run, turn: first.number, event: .woke, now: now()) == asking)
        let number = Data(phone.browser.number.utf8)
        let next = try core.answerTyped(run: run, turn: asking.number, answer: number, now: now())
        #expect(try core.answerTyped(run: run, turn: asking.number, answer: typed, now: now()) == next)
        let ended = try await phone.runner().resume(run, asking: Answers())
        #expect(ended.answered?.result == .approved)
        let late = try core.next(run: run, turn: 1, event: .woke, now: now())
        #expect(late.step == Step.done(outcome: ended.outcome))
    }

    @Test func aKilledAppGoesOn() async throws {
        let phone = try await PhoneAtSite()
        let run = try phone.core.begin(job: phone.enrol(), now: now())
        let turn = try await phone.carryOut(run, to: { if case .createKey = $0 { true } else { false } })
        guard case .createKey(let request) = turn.step else { return }
        #expect(request.protection == KeyProtection.background && request.algorithm == KeyAlgorithm.es256)
        // Another process opens the vault, after the time in which this one counts as alive.
        let core = try phone.vault.reopened()
        let runner = phone.runner(on: core, aheadMs: 121_000)
        let later = now(aheadMs: 121_000)
        let unfinished: [Unfinished] = try core.unfinished(now: later)
        #expect(unfinished.map(\.run) == [run])
        #expect(try await runner.resume(run, asking: Answers()).added != nil)
        #expect(try core.unfinished(now: later) == [])
    }

    @Test func aKeyThatIsNoneEndsTheSetUp() async throws {
        let phone = try await PhoneAtSite()
        let run = try phone.core.begin(job: phone.enrol(), now: now())
        let turn = try await phone.carryOut(run, to: { if case .createKey = $0 { true } else { false } })
        let noKey = Event.keyCreated(publicKey: Data("no key".utf8))
        let next = try phone.core.next(run: run, turn: turn.number, event: noKey, now: now())
        #expect(next.step == .done(outcome: .refused(reason: .deviceKeyUnusable)))
    }

    @Test func anAnswerWithoutAReplyIsNotSaidToBeDone() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let request = try #require(await phone.requests(account).first)
        let sender = CutWhen { $0.method != .get && !$0.url.hasSuffix("/token") }
        let cut = StepRunner(phone.core, Steps(sender: sender, keys: phone.keys, time: SystemTime()))
        let lockOut = StepRunner(
            phone.core, Steps(sender: CutWhen(sender.isLast), keys: phone.keys, time: SystemTime()))
        let unknown = try await lockOut.run(.lockOut(account: account), asking: Answers())
        #expect(unknown.outcome == .unknown(reason: .lockOutUnknown), "\(unknown.outcome)")
        let person = Answers(typed: [phone.browser.number])
        let ended = try await cut.run(.approve(account: account, request: request.id), asking: person)
        #expect(ended.answered?.result == .unknown && ended.answered?.reason == .resultUnknown)
    }

    @Test func aRunThatIsLeft() async throws {
        let phone = try await PhoneAtSite()
        let core = phone.core
        let run = try core.begin(job: phone.enrol(), now: now())
        let left: Finished = try core.abandon(run: run, now: now())
        #expect(left.added == nil && core.finished(run: run) == nil)
        refused(.noSuchRun) { try core.current(run: run, now: now()) }
        refused(.noSuchRun) { try core.next(run: run, turn: 1, event: .woke, now: now()) }
        refused(.noSuchRun) { try core.resume(run: run, now: now()) }
    }

    @Test func aCancelledTaskLeavesItsRun() async throws {
        let phone = try await PhoneAtSite()
        let person = Waiting()
        let task = Task { try await phone.runner().run(phone.enrol(), asking: person) }
        await person.asked()
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try phone.core.unfinished(now: now(aheadMs: 121_000)) == [] && phone.keys.ids == [])
    }

    @Test func everyFailureOfNetworkAndKeysEndsWithAReason() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        let sent: [(Event, Reason)] = [
            (.noReply(failure: NetworkFailure.offline), .noNetwork),
            (.noReply(failure: .nameUnknown), .serverNotFound),
            (.noReply(failure: .notConnected), .serverUnreachable), (.noReply(failure: .tlsFailed), .tlsFailed),
            (.noReply(failure: .timedOut), .serverSilent), (.noReply(failure: .cut), .connectionLost),
            (.noReply(failure: .interrupted), .connectionLost), (.noReply(failure: .tooLarge), .replyTooLarge),
            (reply(200, Data([0xff, 0x7b])), .replyUnreadable),
            (reply(200, Data(repeating: 0x5b, count: 10_000)), .replyUnreadable),
            (reply(302), .redirectRefused), (reply(503), .serverBusy), (reply(500), .serverFailed),
            (reply(70_000), .replyUnreadable),
        ]
        let signed: [(Event, Reason)] = [
            (.keyRefused(failure: KeyFailure.gone), .deviceKeyGone), (.keyRefused(failure: .locked), .deviceKeyLocked),
            (.keyRefused(failure: .cancelled), .deviceKeyNotAllowed),
            (.keyRefused(failure: .failed), .deviceKeyFailed),
            (.signed(signature: Data("not a signature".utf8)), .deviceKeyUnusable),
        ]
        for (event, reason) in sent {
            let outcome = try await phone.endOfCheck(account) { if case .send = $0 { event } else { nil } }
            #expect(outcome == .refused(reason: reason), "\(event)")
        }
        for (event, reason) in signed {
            let outcome = try await phone.endOfCheck(account) { step in
                guard case .sign(let request) = step else { return nil }
                #expect(request.why == Why.call && !request.bytes.isEmpty)
                return event
            }
            #expect(outcome == .refused(reason: reason), "\(event)")
        }
    }

    private func reply(_ status: UInt32, _ body: Data = Data()) -> Event {
        .reply(reply: HttpReply(status: status, headers: [HttpHeader(name: "a", value: "b")], body: body))
    }
}

/// Off the network from the first request on that is like this.
private actor CutWhen: HttpSender {
    let isLast: @Sendable (HttpRequest) -> Bool
    private var isCut = false
    init(_ isLast: @escaping @Sendable (HttpRequest) -> Bool) { self.isLast = isLast }

    func send(_ request: HttpRequest) async -> Event {
        isCut = isCut || isLast(request)
        return isCut ? .noReply(failure: .cut) : await URLSessionSender().send(request)
    }
}

/// Somebody who never answers.
private actor Waiting: Person {
    private var waiting: CheckedContinuation<Void, Never>?
    private var hasAsked = false

    func asked() async {
        if !hasAsked { await withCheckedContinuation { waiting = $0 } }
    }

    func answer(_ question: Question) async -> PersonAnswer {
        hasAsked = true
        waiting?.resume()
        try? await Task.sleep(for: .seconds(60))
        return .none
    }
}

extension PhoneAtSite {
    /// The end of a look in which steps come to other events than they would.
    func endOfCheck(_ account: String, _ instead: (Step) -> Event?) async throws -> Outcome {
        let run = try core.begin(job: .check(account: account), now: now())
        var turn = try core.current(run: run, now: now())
        for _ in 0..<50 {
            if case .done(let outcome) = turn.step { return outcome }
            var event = instead(turn.step)
            if event == nil { if case .wait(let ms) = turn.step { event = ms <= 60_000 ? .woke : nil } }
            if event == nil { event = try await steps().perform(turn.step) }
            turn = try core.next(run: run, turn: turn.number, event: event!, now: now())
        }
        throw CancellationError()
    }
}
