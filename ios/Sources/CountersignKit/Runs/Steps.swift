import Countersign

/// Carries out single steps: what a run asks of the network, the key store and the clock.
public struct Steps: Sendable {
    let sender: any HttpSender
    let keys: any DeviceKeys
    let time: any TimeSource

    public init(sender: any HttpSender, keys: any DeviceKeys, time: any TimeSource) {
        (self.sender, self.keys, self.time) = (sender, keys, time)
    }

    /// What came of a step that needs nobody.
    public func perform(_ step: Step) async throws -> Event {
        switch step {
        case .send(let request): return await sender.send(request)
        case .createKey(let request): return asked { .keyCreated(publicKey: try keys.create(request)) }
        case .sign(let request): return asked { .signed(signature: try keys.sign(request)) }
        case .wait(let ms):
            try await time.sleep(ms: ms)
            return .woke
        case .ask, .done: return .notAnswered
        }
    }
}

/// What came of asking the key store.
private func asked(_ work: () throws -> Event) -> Event {
    do { return try work() } catch { return .keyRefused(failure: (error as? KeyRefusal)?.failure ?? .failed) }
}

/// Hands over what came of a step again and again while another process writes: it is not to be had once more. The core
/// waits 5 s each time, and the system gives a look in the background half a minute.
func whileInUse<T>(_ work: () throws -> T) throws -> T {
    for _ in 0..<3 {
        do { return try work() } catch CountersignError.InUse {}
    }
    return try work()
}
