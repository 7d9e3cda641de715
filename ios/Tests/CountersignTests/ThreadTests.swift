import Countersign
import Foundation
import TestSupport
import Testing

@Suite struct ThreadTests {
    @Test func eightThreadsAtOnce() async throws {
        let vault = try TestVault()
        let core = vault.core
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                // Threads of their own: the pool of the tasks is as small as the machine.
                group.addTask { try await onItsOwnThread { try work(thread, core) } }
            }
            try await group.waitForAll()
        }
        let names = try vault.reopened().accounts(shelf: .inUse, now: now()).map(\.name)
        #expect(Set(names).count == 80)
    }

    @Test func anObjectThatIsDroppedWhileAnotherUsesItsVault() throws {
        let vault = try TestVault()
        for _ in 0..<50 {
            let code = try vault.core.newRecoveryCode(now: now())
            _ = code.text()
        }
        // A run's scanned object is gone before the run begins: the job has kept it alive.
        var scanned: Scanned? = totp("a")
        let job = Job.enrol(scanned: scanned!, deviceLabel: "Phone", deviceKind: "ios", allowPlainHttp: false)
        scanned = nil
        refused(.notAddedThisWay) { try vault.core.begin(job: job, now: now()) }
    }

    @Test func aPasswordIsDerivedWithoutHoldingTheVault() async throws {
        let vault = try TestVault()
        let password = Data("correct horse".utf8)
        try vault.core.setPassword(password: password, now: now())
        let derived = Flag()
        Thread {
            _ = try? vault.core.openByPassword(password: password)
            derived.raise()
        }.start()
        var calls = 0
        while !derived.isRaised {
            _ = vault.core.isLocked(now: now())
            calls += 1
            await Task.yield()
        }
        // If the object were held, one call at most would go through, the first.
        #expect(calls > 5)
    }
}

private func work(_ thread: Int, _ core: Authenticator) throws {
    for turn in 0..<10 {
        let account = try core.add(scanned: totp("\(thread)-\(turn)"), now: now()).id
        let codes = try core.codes(ids: [account], now: now())
        guard codes[0]?.current.count == 6 else { throw CountersignError.NoSuchAccount }
        try core.rename(id: account, issuer: "Example", name: "renamed \(thread)-\(turn)", now: now())
        _ = try core.search(text: "renamed", shelf: .inUse, now: now())
        _ = scan("otpauth://totp/a")
    }
    if thread == 3 {
        _ = try core.unlock(opened: core.openByPlatform(key: TestVault.key), known: nil, now: now())
    }
}

private func onItsOwnThread(_ work: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, Error>) in
        Thread { continuation.resume(with: Result(catching: work)) }.start()
    }
}

private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false

    var isRaised: Bool { lock.withLock { raised } }
    func raise() { lock.withLock { raised = true } }
}
