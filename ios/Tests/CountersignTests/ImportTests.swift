import Countersign
import Foundation
import TestSupport
import Testing

private let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
private let password = Data("correct horse ü".utf8)

/// Accounts of other apps: opened, previewed, imported, undone.
@Suite struct ImportTests {
    let vault: TestVault
    var core: Authenticator { vault.core }

    init() throws { vault = try TestVault() }

    @Test func chosenEntriesComeInAndGoAgain() throws {
        let link = "otpauth://totp/A:a?secret=\(secret)"
        let batch = try entries(of: Data("\(link)\notpauth://totp/B:b?secret=1\n\(link)\n".utf8))
        #expect(batch.kind().app == "otpauth")
        let rows = try core.previewImport(batch: batch, now: now())
        #expect(rows.map(\.chosen) == [true, false, false])
        #expect(rows.map(\.standing) == [.new, .refused(reason: .secretNotBase32), .repeated(entry: 0)])
        refused(.secretNotBase32) { try core.importEntries(batch: batch, chosen: [0, 1], now: now()) }
        refused(.noSuchEntry) { try core.importEntries(batch: batch, chosen: [.max], now: now()) }
        #expect(try core.accounts(shelf: .inUse, now: now()).isEmpty)

        let imported = try core.importEntries(batch: batch, chosen: [0], now: now())
        let account = try #require(imported.accounts.first)
        #expect(try core.previewImport(batch: batch, now: now())[0].standing == .same(account: account))
        let renamed = try entries(of: Data("otpauth://totp/Z:z?secret=\(secret)".utf8))
        let standing = try core.previewImport(batch: renamed, now: now())[0].standing
        #expect(standing == .differs(account: account, what: [.names]))
        let past = try #require(core.pastImports(now: now()).first)
        #expect(past.id == imported.id && past.accounts == 1)
        #expect(try core.undoImport(id: past.id, now: now()) == 1)
        #expect(try core.previewImport(batch: batch, now: now())[0].standing == .inTrash(account: account))
        refused(.noSuchImport) { try core.undoImport(id: past.id, now: now()) }
    }

    @Test func aPasswordAndWhatItCosts() throws {
        guard case .needsPassword(let locked) = try openImport(file: file("ente/encrypted.txt")) else {
            throw Missing("no password wanted")
        }
        #expect(locked.kind().app == "Ente Auth" && locked.kind().format == "ente_encrypted")
        let cost = try #require(locked.costs().first)
        #expect(cost.memoryKib == 1024 && cost.rounds == 2 && !cost.inSlices && locked.trial() == 0)
        #expect(locked.overLimit(memoryKib: 0) == nil)
        #expect(locked.overLimit(memoryKib: 1000) == OverLimit(wanted: 1024, most: 1000, unit: "KiB"))
        refused(.derivationTooCostly) { try locked.unlock(password: password, memoryKib: 1000) }
        refused(.importWrongPassword) { try locked.unlock(password: Data("no".utf8), memoryKib: 0).step() }
        let unlocking = try locked.unlock(password: password, memoryKib: 0)
        guard case .done(let batch) = try unlocking.step() else { throw Missing("not at its end") }
        #expect(try !core.previewImport(batch: batch, now: now()).isEmpty)
    }

    @Test func partsInAnyOrder() throws {
        let lines = try file("google/version2.txt").split(separator: 0x0a).prefix(3)
        let parts = try lines.map { try entries(of: Data($0)) }
        let two = parts[0].joined(other: parts[1])
        #expect(two.missingParts() == [2] && two.partCount() == 3)
        let all = two.joined(other: parts[1]).joined(other: parts[2])
        #expect(try core.previewImport(batch: all, now: now()).count == 3)
    }

    @Test func whatIsNoExport() {
        refused(.notAnImport) { try openImport(file: Data()) }
        refused(.importDamaged) { try openImport(file: Data(String(repeating: "{\"a\":", count: 100_000).utf8)) }
    }

    private func file(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: repository + "/tests/fixtures/import/" + name))
    }
}
