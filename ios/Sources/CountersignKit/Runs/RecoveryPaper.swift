import Countersign
import Foundation

/// Whether the recovery code of the vault is on paper: a row of the vault is there until the paper was checked.
extension Authenticator {
    private static let unchecked = "recovery-code-unchecked"

    func paperIsUnchecked(now: Now) throws -> Bool { try hostRow(id: Self.unchecked, now: now) != nil }

    /// Before a new code: an app that ends in between has one that nobody has seen.
    func paperIsNeeded(now: Now) throws { try putHostRow(id: Self.unchecked, value: Data([1]), now: now) }

    func paperIsRight(now: Now) throws { try removeHostRows(ids: [Self.unchecked], now: now) }
}
