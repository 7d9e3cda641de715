import Countersign
import Foundation

/// The host's part of a run: perform the step, hand back what came of it, until it is done. What a status, a failure
/// or a delay means is judged by the core.
public struct StepRunner: Sendable {
    private let core: Authenticator
    private let steps: Steps
    private var time: any TimeSource { steps.time }

    public init(_ core: Authenticator, _ steps: Steps) {
        (self.core, self.steps) = (core, steps)
    }

    /// Begins a job and carries it out. A task that is cancelled leaves the run: what was sent stays sent.
    public func run(_ job: Job, asking person: any Person = Nobody()) async throws -> Ended {
        let run = try core.begin(job: job, now: time.now())
        return try await finish(run, from: core.current(run: run, now: time.now()), asking: person)
    }

    /// Goes on with a run that an app which is gone has begun: nothing is sent twice, it looks what became of it.
    public func resume(_ run: RunId, asking person: any Person) async throws -> Ended {
        let first: Turn
        do {
            first = try core.resume(run: run, now: time.now())
        } catch CountersignError.Refused(reason: .flowOutdated) {
            // Of another version of this app: nothing can be done with it.
            return forgetKeys(of: try core.abandon(run: run, now: time.now()), .refused(reason: .flowOutdated))
        }
        return try await finish(run, from: first, asking: person)
    }

    private func finish(_ run: RunId, from first: Turn, asking person: any Person) async throws -> Ended {
        var turn = first
        while true {
            do {
                switch turn.step {
                case .done(let outcome): return forgetKeys(of: core.finished(run: run), outcome)
                case .ask(let question): turn = try await answer(question, run, turn.number, person)
                case let step:
                    let event = try await steps.perform(step)
                    turn = try whileInUse {
                        try core.next(run: run, turn: turn.number, event: event, now: time.now())
                    }
                }
            } catch let cancelled as CancellationError {
                _ = try forgetKeys(of: core.abandon(run: run, now: time.now()), .refused(reason: .endedMeanwhile))
                throw cancelled
            }
        }
    }

    private func answer(_ question: Question, _ run: RunId, _ turn: UInt64, _ person: any Person) async throws -> Turn {
        let given = await person.answer(question)
        try Task.checkCancellation()
        switch given {
        case .confirmed(let yes):
            return try core.next(run: run, turn: turn, event: .confirmed(yes: yes), now: time.now())
        case .typed(let answer):
            return try core.answerTyped(run: run, turn: turn, answer: answer, now: time.now())
        case .client(let id, let secret):
            let answer = ClientAnswer(turn: turn, id: id)
            return try core.answerClient(run: run, answer: answer, secret: secret, now: time.now())
        case .none:
            return try core.next(run: run, turn: turn, event: .notAnswered, now: time.now())
        }
    }

    private func forgetKeys(of finished: Finished?, _ outcome: Outcome) -> Ended {
        finished?.unusedKeys.forEach(steps.keys.delete)
        return Ended(outcome: outcome, added: finished?.added)
    }
}

/// How a run ended.
public struct Ended: Sendable, Equatable {
    public let outcome: Outcome
    /// The account that it set up.
    public let added: String?
}

/// Whoever answers a run's questions.
public protocol Person: Sendable {
    func answer(_ question: Question) async -> PersonAnswer
}

/// What was answered. It may hold a PIN or a client secret, so it shows nothing of itself.
public enum PersonAnswer: Sendable, CustomStringConvertible, CustomReflectable {
    case confirmed(Bool)
    case typed(Data)
    case client(id: String, secret: Data)
    case none

    public var description: String { "PersonAnswer" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// For runs that ask nothing, and for those that nobody is there for.
public struct Nobody: Person {
    public init() {}
    public func answer(_ question: Question) async -> PersonAnswer { .none }
}
