import Countersign
import Observation

public struct HistoryState: Equatable, Sendable {
    /// The newest first.
    public var requests: [PastRequest] = []
    public var isLoaded = false
    public var asksToClear = false
    public var trouble: Trouble?
}

/// What became of the sign-ins of the past: of all accounts, or of one.
@MainActor @Observable public final class HistoryModel {
    public enum Event {
        case load, tick
        case clear
        case confirmClear(Bool)
    }

    /// The account that they are of; nothing: all.
    public let account: Summary?
    public private(set) var state = HistoryState()
    private let phone: Phone

    public init(_ phone: Phone, of account: Summary? = nil) { (self.phone, self.account) = (phone, account) }

    public func handle(_ event: Event) async {
        state.trouble = await Trouble.of { try await perform(event) }
        // Without the vault's key nothing of it stays.
        if state.trouble == .reason(.locked) { state = HistoryState(trouble: state.trouble) }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: try await load()
        // What waits ends by its time alone, or by a look.
        case .tick: if state.requests.contains(where: { $0.standing == .waiting }) { try await load() }
        case .clear: state.asksToClear = !state.requests.isEmpty
        case .confirmClear(let yes):
            guard state.asksToClear else { return }
            state.asksToClear = false
            guard yes else { return }
            try await phone.change { _ = try $0.clearHistory(now: $1) }
            try await load()
        }
    }

    private func load() async throws {
        let past = try await phone.read { try $0.history(now: $1) }
        state.requests = past.filter { account == nil || $0.account == account?.id }
        state.isLoaded = true
    }
}
