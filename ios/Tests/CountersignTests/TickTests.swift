import Countersign
import TestSupport
import Testing

@Suite struct TickTests {
    /// What a second on the list of accounts costs. Nothing is asserted about time: it is told.
    @Test func oneTickOfAThousandAccounts() throws {
        let vault = try TestVault()
        let ids = try (0..<1000).map { try vault.add("account-\($0)") }
        let time = now(wall: 1_000_000_000)
        let clock = ContinuousClock()
        let first = try clock.measure { _ = try vault.core.codes(ids: ids, now: time) }
        let rounds = 100
        let ticks = try clock.measure {
            for _ in 0..<rounds { _ = try vault.core.codes(ids: ids, now: time) }
        }
        let codes = try vault.core.codes(ids: ids, now: time)
        #expect(codes.count == 1000 && codes.allSatisfy { $0?.validUntil == 1_000_000_020 })
        print(
            "counted: codes of 1,000 accounts from Swift: \(first) in a new period, \(ticks / rounds) a tick within it")
    }
}
