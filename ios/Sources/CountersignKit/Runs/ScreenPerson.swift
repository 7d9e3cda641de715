import Countersign

/// The person at a screen: a run's question is shown there and waits until it is answered. That the right person is
/// there is asked by the device's lock instead.
@MainActor public final class ScreenPerson: Person {
    private let appLock: any AppLock
    private let why: String
    private let show: @MainActor (Question) -> Void
    private var waiting: CheckedContinuation<PersonAnswer, Never>?
    private var given: PersonAnswer?

    /// `first` is what the person has answered already, before the run has asked.
    init(
        _ appLock: any AppLock, why: String, first: PersonAnswer? = nil, show: @escaping @MainActor (Question) -> Void
    ) {
        (self.appLock, self.why, self.given, self.show) = (appLock, why, first, show)
    }

    public func answer(_ question: Question) async -> PersonAnswer {
        if case .presence = question { return .confirmed(await appLock.confirm(why)) }
        if let given {
            self.given = nil
            return given
        }
        show(question)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting = $0 }
        } onCancel: {
            Task { @MainActor in self.give(.none) }
        }
    }

    /// Answers the question that is shown; without one, nothing happens.
    func give(_ answer: PersonAnswer) {
        waiting?.resume(returning: answer)
        waiting = nil
    }
}
