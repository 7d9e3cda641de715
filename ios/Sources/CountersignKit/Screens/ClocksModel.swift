import Countersign
import Observation

/// A server's clock with the account that has learnt it.
public struct AccountClock: Equatable, Sendable {
    public let summary: Summary
    public let clock: ServerClock

    /// Seconds that this phone is ahead of the server.
    public var secondsAhead: Int64 { -clock.offset }
    /// There are codes that it can be used for.
    public var hasCodes: Bool { !clock.codes.isEmpty }
}

public struct ClocksState: Equatable, Sendable {
    public var clocks: [AccountClock] = []
    public var isLoaded = false
    public var trouble: Trouble?
}

/// How this phone's clock stands to each server's, and whose codes are made by the server's.
@MainActor @Observable public final class ClocksModel {
    public enum Event {
        case load
        case use(account: String, Bool)
    }

    public private(set) var state = ClocksState()
    private let phone: Phone

    public init(_ phone: Phone) { self.phone = phone }

    public func handle(_ event: Event) async { state.trouble = await Trouble.of { try await perform(event) } }

    private func perform(_ event: Event) async throws {
        if case .use(let account, let used) = event {
            try await phone.change { try $0.useForCodes(account: account, used: used, now: $1) }
        }
        state.clocks = try await phone.read { core, now in
            try core.clocks(now: now).map { clock in
                AccountClock(summary: try core.summary(id: clock.account, now: now), clock: clock)
            }
        }
        state.isLoaded = true
    }
}
