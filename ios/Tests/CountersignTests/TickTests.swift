import Countersign
import Foundation
import TestSupport
import Testing

@Suite struct TickTests {
    /// What a second on the list of accounts costs. Nothing is asserted about time: it is told.
    @Test func oneTickOfAThousandAccounts() throws {
        let vault = try TestVault()
        let ids = try (0..<1000).map { try vault.add("account-\($0)") }
        let start: UnixTime = 1_000_000_020
        func tick(_ wall: UnixTime) throws -> Duration {
            let time = now(wall: wall)
            var count = 0
            let cost = try ContinuousClock().measure { count = try vault.core.codes(ids: ids, now: time).count }
            #expect(count == 1000)
            return cost
        }
        let same = try (0..<200).map { try tick(start + $0 % 10) }.dropFirst(50).sorted()
        let new = try (1...20).map { try tick(start + 30 * $0) }.dropFirst(5).sorted()
        let folder = try String(contentsOfFile: repository + "/ios/Generated/library-folder", encoding: .utf8)
        let build = folder.trimmingCharacters(in: .newlines).split(separator: "/").last ?? ""
        print(
            "counted: Swift: a tick of 1,000 accounts \(milliseconds(same)) ms, at the start of a period"
                + " \(milliseconds(new)) ms (median, \(build) build)")
    }

    private func milliseconds(_ sorted: [Duration]) -> String {
        String(format: "%.2f", sorted[sorted.count / 2] / .milliseconds(1))
    }
}
