import Countersign
import Foundation
import Observation

public struct RequestState: Equatable, Sendable {
    /// Where the answer to the request on the screen stands.
    public enum Stage: Equatable, Sendable {
        case asking, working
        case ended(Answered)
        case failed(Trouble)
        /// Whether the answer arrived is not known.
        case unknown(Trouble)
    }

    /// The newest first.
    public var waiting: [SeenRequest]
    /// The key of the one on the screen.
    var shownKey: String?
    public var accounts: [String: Summary] = [:]
    public var stage = Stage.asking
    /// The last answer was not right; nothing was sent.
    public var missed = false
    public var triesLeft: UInt32?
    /// Asked for on the same phone: the number is on the page that the person came from, so nothing covers it.
    public var isSamePhone: Bool
    public var isNotMe = false

    init(waiting: [SeenRequest], isSamePhone: Bool) {
        (self.waiting, shownKey, self.isSamePhone) = (waiting, waiting.first?.key, isSamePhone)
    }

    public var current: SeenRequest? { waiting.first { $0.key == shownKey } }
    public var others: [SeenRequest] { waiting.filter { $0.key != shownKey } }

    /// An answer is being given: nothing takes its place.
    public var isUnderWay: Bool { current != nil && (stage == .asking || stage == .working) }
}

/// Answers sign-in requests. The number is typed by the person and taken from nowhere else.
@MainActor @Observable public final class RequestModel {
    public enum Event {
        case load, tick
        /// The screen is seen, for the first time or again.
        case appeared
        case yes(String)
        case notMe
        case next
        /// Another of those that wait, by its key.
        case show(String)
        /// All requests that wait now.
        case found([SeenRequest])
        /// The screen is left.
        case leave
    }

    /// So long no single tap approves what has only just come: the finger was on its way to something else.
    private static let suddenMs: UInt64 = 500

    public private(set) var state: RequestState
    public private(set) var wall: UnixTime
    /// What is typed for the request on the screen, and for no other.
    public var typed = ""
    private let phone: Phone
    private let why: String
    /// Of the account of a request that was not the person's, where it can be locked.
    public private(set) var lockOut: LockOutModel?
    /// The code that the requests are of, where it was scanned.
    private let scanned: Scanned?
    private var person: ScreenPerson?
    /// By the steady clock: since then what is asked is on the screen, and at its place.
    private var shownMs: UInt64

    /// `why` is what the device's lock says when it asks who is there.
    public init(
        _ phone: Phone, waiting: [SeenRequest], why: String, isSamePhone: Bool = false, scanned: Scanned? = nil
    ) {
        (self.phone, self.why, self.scanned) = (phone, why, scanned)
        (wall, shownMs) = (phone.now.wall, phone.now.steadyMs)
        state = RequestState(waiting: waiting, isSamePhone: isSamePhone)
    }

    /// The sign-in was scanned: all requests are of it, each by another account.
    public var isScanned: Bool { scanned != nil }

    public func secondsLeft(_ seen: SeenRequest) -> Int { Int(clamping: max(0, seen.request.expiresAt - wall)) }

    public func handle(_ event: Event) async {
        switch event {
        case .load: await load()
        case .tick: tick()
        case .appeared: shownMs = phone.now.steadyMs
        case .yes(let text): await yes(text)
        case .notMe: await notMe()
        case .next: next()
        case .show(let key): show(key)
        case .found(let seen):
            // Whatever stands in a scanned sign-in is answered with its code.
            guard let current = state.current, !isScanned else { return }
            // The one on the screen stays there, also where it waits no longer: its answer tells what became of it.
            let waiting = seen.contains { $0.key == current.key } ? seen : [current] + seen
            let others = state.others.map(\.key)
            // Also where all stay: an end may have moved.
            state.waiting = waiting
            if state.current?.request.answer != current.request.answer {
                // Nothing that was typed or tapped was for this.
                typed = ""
                shownMs = phone.now.steadyMs
                if let person, state.stage == .asking {
                    // The run that waits for another number ends without one, before this is asked.
                    state.stage = .working
                    person.give(.none)
                }
            }
            guard state.others.map(\.key) != others else { return }
            // The buttons have moved.
            shownMs = phone.now.steadyMs
            await load()
        case .leave:
            // What waits for an answer ends without one.
            person?.give(.none)
            await lockOut?.handle(.confirm(false))
        }
    }

    private func load() async {
        let ids = Set(state.waiting.map(\.account))
        // One that can't be read keeps no other's name away.
        let summaries = try? await phone.read { core, now in ids.compactMap { try? core.summary(id: $0, now: now) } }
        for summary in summaries ?? [] { state.accounts[summary.id] = summary }
    }

    private func tick() {
        wall = phone.now.wall
        let over = Set(state.others.filter { secondsLeft($0) == 0 }.map(\.key))
        if !over.isEmpty {
            state.waiting.removeAll { over.contains($0.key) }
            // The buttons have moved.
            shownMs = phone.now.steadyMs
        }
        guard state.stage == .asking, let seen = state.current, secondsLeft(seen) == 0 else { return }
        end(.expired, .requestExpired)
        // The run that waits for another number ends without one.
        person?.give(.none)
    }

    private func end(_ result: AnswerResult, _ reason: Reason) {
        guard let request = state.current?.request.id else { return }
        typed = ""
        state.stage = .ended(
            Answered(
                request: request, result: result, reason: reason, triesLeft: nil, beforeBlock: nil, displayCode: nil))
    }

    private func yes(_ text: String) async {
        guard let seen = state.current, state.stage == .asking, seen.request.isTyped || !isSudden else { return }
        state.stage = .working
        typed = ""
        let answer = PersonAnswer.typed(Data(text.utf8))
        if let person {
            // The run has asked once more and waits for this.
            return person.give(answer)
        }
        let person = ScreenPerson(phone.platform.appLock, why: why, first: seen.request.isTyped ? answer : nil) {
            [weak self] in self?.asked($0)
        }
        self.person = person
        await carryOut(approval(seen), person)
        self.person = nil
    }

    private func notMe() async {
        guard let seen = state.current, state.stage == .asking else { return }
        state.stage = .working
        if let person {
            // The run that waits for another number ends without one, before this one begins.
            state.isNotMe = true
            return person.give(.none)
        }
        await decline(seen)
    }

    private func decline(_ seen: SeenRequest) async {
        state.isNotMe = true
        // A server that takes no reason gets none; the history keeps it.
        let decline =
            scanned.map { Job.declineScanned(account: seen.account, scanned: $0, reason: .notMe) }
            ?? .decline(account: seen.account, request: seen.request.id, reason: .notMe)
        await offerLockOut(of: seen.account)
        await carryOut(decline, Nobody())
    }

    /// Whoever has asked probably has the password: the last resort is that nobody signs in.
    private func offerLockOut(of account: String) async {
        let can = try? await phone.read { try $0.details(id: account, now: $1).approvals?.can.lockOut }
        lockOut = can == true ? LockOutModel(phone, of: account, why: why) : nil
    }

    private func approval(_ seen: SeenRequest) -> Job {
        guard let scanned else { return .approve(account: seen.account, request: seen.request.id) }
        return .approveScanned(account: seen.account, scanned: scanned)
    }

    private func carryOut(_ job: Job, _ person: any Person) async {
        let wanted = state.current?.request.answer
        let result: Result<Outcome, any Error>
        do { result = .success(try await phone.run(job, asking: person).outcome) } catch { result = .failure(error) }
        // The time of the request was over before, which has been told.
        if case .ended = state.stage { return }
        if state.isNotMe, case .approve = job, let seen = state.current { return await decline(seen) }
        switch result {
        case .success(.answered(let answered)):
            // Of one sign-in that asks several accounts a person answers once.
            if isScanned { state.waiting = state.current.map { [$0] } ?? [] }
            state.stage = .ended(answered)
        case .success(.unknown(let reason)): state.stage = .unknown(.reason(reason))
        // Something else is wanted by now.
        case .success(.refused(.answerNeeded)) where state.current?.request.answer != wanted: askAnew()
        case .success(.refused(let reason)): state.stage = .failed(.reason(reason))
        case .success: state.stage = .failed(.other("Outcome"))
        case .failure(let error): state.stage = .failed(Trouble(error))
        }
    }

    private func asked(_ question: Question) {
        guard case .answer(_, let triesLeft, let missed) = question else { return }
        (state.missed, state.triesLeft, state.stage) = (missed, triesLeft, .asking)
    }

    /// On to the next request, or once more to one that could not be answered.
    private func next() {
        guard state.stage != .working, person == nil else { return }
        if case .failed = state.stage {
        } else {
            state.waiting = state.others
            state.shownKey = state.waiting.first?.key
        }
        askAnew()
    }

    private func askAnew() {
        (state.stage, state.missed, state.triesLeft, state.isNotMe) = (.asking, false, nil, false)
        (typed, lockOut) = ("", nil)
        shownMs = phone.now.steadyMs
    }

    private func show(_ key: String) {
        guard state.stage == .asking, person == nil, state.waiting.contains(where: { $0.key == key }) else { return }
        typed = ""
        state.shownKey = key
        shownMs = phone.now.steadyMs
    }

    private var isSudden: Bool { phone.now.steadyMs < shownMs + Self.suddenMs }
}

extension SeenRequest {
    /// A server's id of a request is its own alone, and one scanned sign-in asks several accounts.
    public var key: String { account + "/" + request.id }
}

extension Request {
    /// Something is to be typed or chosen before Yes.
    public var isTyped: Bool { answer != .confirmation }

    /// This app can ask for what is wanted; else the request can only be declined.
    public var isSupported: Bool { if case .unsupported = answer { false } else { true } }
}
