import Countersign
import Observation

/// Locks an account at its server, after a question of its own: this phone can't undo it.
@MainActor @Observable public final class LockOutModel {
    public enum Stage: Equatable, Sendable {
        case offered
        /// The person is asked whether they mean it.
        case asking
        case working, locked
        /// It was not done, or whether it was is not known.
        case failed(Trouble)
    }

    public enum Event {
        case lock
        case confirm(Bool)
    }

    public private(set) var stage = Stage.offered
    private let phone: Phone
    private let account: String
    private let why: String
    private var person: ScreenPerson?

    /// `why` is what the device's lock says when it asks who is there.
    init(_ phone: Phone, of account: String, why: String) {
        (self.phone, self.account, self.why) = (phone, account, why)
    }

    public func handle(_ event: Event) async {
        switch event {
        case .lock: await lock()
        case .confirm(let yes):
            guard stage == .asking else { return }
            stage = .working
            person?.give(.confirmed(yes))
        }
    }

    private func lock() async {
        switch stage {
        case .offered, .failed: stage = .working
        case .asking, .working, .locked: return
        }
        let person = ScreenPerson(phone.platform.appLock, why: why) { [weak self] question in
            if case .lockOut = question { self?.stage = .asking }
        }
        self.person = person
        do {
            stage = Stage(try await phone.run(.lockOut(account: account), asking: person).outcome)
        } catch {
            stage = .failed(Trouble(error))
        }
        self.person = nil
    }
}

extension LockOutModel.Stage {
    fileprivate init(_ outcome: Outcome) {
        switch outcome {
        case .lockedOut: self = .locked
        // The person has thought better of it.
        case .refused(.lockOutNotConfirmed): self = .offered
        case .refused(let reason), .unknown(let reason): self = .failed(.reason(reason))
        default: self = .failed(.other("Outcome"))
        }
    }
}
