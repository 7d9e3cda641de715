import Countersign
import Observation

public struct TrashState: Equatable, Sendable {
    public var accounts: [Summary] = []
    public var trouble: Trouble?
}

/// Accounts that were removed: put back, or deleted for good.
@MainActor @Observable public final class TrashModel {
    public enum Event {
        case load
        case restore(String)
        case purge(String)
    }

    public private(set) var state = TrashState()
    private let phone: Phone

    public init(_ phone: Phone) { self.phone = phone }

    public func handle(_ event: Event) async {
        state.trouble = await Trouble.of { try await perform(event) }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: break
        case .restore(let id): try await phone.change { try $0.restore(id: id, now: $1) }
        case .purge(let id):
            let keys = try await phone.change { try $0.purge(id: id, now: $1) }
            keys.forEach(phone.platform.deviceKeys.delete)
        }
        state.accounts = try await phone.read { try $0.accounts(shelf: .trash, now: $1) }
    }
}
