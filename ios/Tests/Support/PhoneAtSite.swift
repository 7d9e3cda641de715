import Countersign
import CountersignKit
import Foundation

/// A vault with its host, and a browser that is signed in at a practice site of its own, up to the set-up.
public final class PhoneAtSite: Sendable {
    public let vault: TestVault
    public let site: PracticeSite
    public let browser: Browser
    public let keys = SoftwareKeys()
    /// The text of the QR code on the page.
    public let link: String

    public init(_ options: [String] = []) async throws {
        vault = try TestVault()
        site = PracticeSite(options)
        browser = try await Browser(site)
        try await browser.signIn()
        link = try await browser.setUp()
    }

    deinit { site.stop() }

    public var core: Authenticator { vault.core }

    public func runner(on core: Authenticator? = nil, aheadMs: UInt64 = 0) -> StepRunner {
        StepRunner(core ?? vault.core, steps(aheadMs: aheadMs))
    }

    public func steps(aheadMs: UInt64 = 0) -> Steps {
        Steps(sender: URLSessionSender(), keys: keys, time: TimeAhead(ms: aheadMs))
    }

    public func enrol(_ scanned: Scanned? = nil) -> Job {
        .enrol(scanned: scanned ?? scan(link), deviceLabel: "Test phone", deviceKind: "ios", allowPlainHttp: true)
    }

    /// Sets up the account; the page shows the first number.
    public func setUp(_ person: Answers = Answers()) async throws -> String {
        let ended = try await runner().run(enrol(), asking: person)
        guard let account = ended.added else { throw Unexpected(ended.outcome) }
        try await browser.get("/setup/scan")
        try await browser.post("/setup/next")
        return account
    }

    /// Carries out a run up to a step. The person is taken to agree.
    public func carryOut(_ run: RunId, to isThere: @Sendable (Step) -> Bool) async throws -> Turn {
        var turn = try core.current(run: run, now: now())
        while !isThere(turn.step) {
            let event: Event =
                if case .ask = turn.step { .confirmed(yes: true) } else { try await steps().perform(turn.step) }
            turn = try core.next(run: run, turn: turn.number, event: event, now: now())
        }
        return turn
    }

    public func requests(_ account: String) async throws -> [Request] {
        let ended = try await runner().run(.check(account: account))
        guard case .checked(let requests, _) = ended.outcome else { throw Unexpected(ended.outcome) }
        return requests
    }
}

/// Numbers of three digits: the site shows and offers numbers of two.
public let wrongNumbers = ["100", "101"]

public struct Unexpected: Error {
    public let outcome: Outcome
    public init(_ outcome: Outcome) { self.outcome = outcome }
}

/// The device's clocks, ahead by a while.
public struct TimeAhead: TimeSource {
    let ms: UInt64
    public func now() -> Now { TestSupport.now(aheadMs: ms) }
    public func sleep(ms: UInt64) async throws { try await SystemTime().sleep(ms: ms) }
}

/// Somebody who has been told beforehand what to answer.
public actor Answers: Person {
    public private(set) var asked: [Question] = []
    private let trust: Bool
    private let presence: Bool
    private var typed: [String]
    private let client: (id: String, secret: String)?

    public init(
        trust: Bool = true, presence: Bool = true, typed: [String] = [], client: (id: String, secret: String)? = nil
    ) {
        (self.trust, self.presence, self.typed, self.client) = (trust, presence, typed, client)
    }

    public func answer(_ question: Question) -> PersonAnswer {
        asked.append(question)
        switch question {
        case .trust: return .confirmed(trust)
        case .presence: return .confirmed(presence)
        case .lockOut: return .confirmed(true)
        case .answer: return typed.isEmpty ? .none : .typed(Data(typed.removeFirst().utf8))
        case .client: return client.map { .client(id: $0.id, secret: Data($0.secret.utf8)) } ?? .none
        }
    }
}
