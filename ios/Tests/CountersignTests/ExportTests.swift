import Countersign
import Foundation
import TestSupport
import Testing

private let password = Data("correct horse".utf8)

/// Accounts for other apps and for paper: foretold, written, read again.
@Suite struct ExportTests {
    let vault: TestVault
    let alice: String
    let seven: String
    var core: Authenticator { vault.core }

    init() throws {
        vault = try TestVault()
        alice = try vault.add("alice")
        seven = try vault.add("seven", "&digits=7")
        try core.setNote(id: alice, note: "a note", now: now())
    }

    @Test func whatAFormatCarriesIsKnownBefore() throws {
        let rows = try core.previewExport(format: .google, accounts: nil, now: now())
        #expect(rows.map(\.id) == [alice, seven])
        #expect(rows.map(\.carried) == [.without([.note]), .leftOut(.digits)])
        #expect(try export(.google).rows() == rows)
        let whole = try core.previewExport(format: .aegis, accounts: [alice], now: now())
        #expect(whole == [ExportRow(id: alice, issuer: "Example", name: "alice", carried: .whole)])
        fails(.NoSuchAccount) { try core.previewExport(format: .cxf, accounts: ["nobody"], now: now()) }
    }

    @Test func filesAreReadAgain() throws {
        for target in [ExportTarget.otpauth, .aegis(key: nil), .cxf] {
            let written = try export(target)
            #expect(written.codeCount() == 0)
            #expect(try rows(written.file()).map(\.standing) == [.same(account: alice), .same(account: seven)])
        }
        #expect(try rows(export(.twoFas(key: nil), [alice]).file()).map(\.standing) == [.same(account: alice)])
        let page = try text(export(.sheet(words: words)).file())
        for word in ["<html", "print it", "keep it", "title", "made"] { #expect(page.contains(word), "\(word)") }
        try core.rename(id: alice, issuer: "Example", name: "alice@example.com", now: now())
        #expect(try text(export(.entra).file()).contains(",\(TestVault.secret),"))
    }

    @Test func underAPassword() throws {
        let formats: [ExportFormat] = [.otpauth, .aegis, .twoFas, .google, .cxf, .sheet, .entra]
        #expect(formats.filter(exportTakesPassword) == [.aegis, .twoFas])
        let targets: [ExportTarget] = [
            .aegis(key: try AegisKey.derive(password: password)),
            .twoFas(key: try TwoFasKey.derive(password: password)),
        ]
        for target in targets {
            let file = try #require(export(target, [alice]).file())
            #expect(file.range(of: Data(TestVault.secret.utf8)) == nil)
            guard case .needsPassword(let locked) = try openImport(file: file) else { throw Missing("plain") }
            let batch = try run(locked.unlock(password: password, memoryKib: 0))
            #expect(try core.previewImport(batch: batch, now: now()).map(\.standing) == [.same(account: alice)])
        }
    }

    @Test func codesToScan() throws {
        for name in 0..<12 { try vault.add("account\(name)") }
        let written = try export(.google)
        #expect(written.file() == nil && written.codeCount() > 1)
        let batches = try (0..<written.codeCount()).map { place in
            try entries(of: written.codePng(place: place, scale: 4))
        }
        #expect(!batches[1].missingParts().isEmpty)
        let whole = batches.dropFirst().reduce(batches[0]) { $0.joined(other: $1) }
        #expect(whole.missingParts() == [])
        #expect(try core.previewImport(batch: whole, now: now()).count == 13)
        refused(.noSuchEntry) { try written.codePng(place: written.codeCount(), scale: 4) }
    }

    @Test func whatAFileIsCalled() {
        let formats: [ExportFormat] = [.otpauth, .aegis, .twoFas, .google, .cxf, .sheet, .entra]
        #expect(formats.filter { exportFileName(format: $0) == nil } == [.google])
        #expect(exportFileName(format: .twoFas) == "countersign.2fas")
    }

    private func export(_ target: ExportTarget, _ accounts: [String]? = nil) throws -> Export {
        try core.export(target: target, accounts: accounts, now: now())
    }

    /// What our own import reads of it.
    private func rows(_ file: Data?) throws -> [ImportRow] {
        try core.previewImport(batch: entries(of: #require(file)), now: now())
    }

    private func text(_ file: Data?) throws -> String { String(decoding: try #require(file), as: UTF8.self) }

    /// Words of a sheet, each its own name.
    private var words: SheetWords {
        SheetWords(
            language: "en", title: "title", made: "made", paragraphs: ["print it", "keep it"], secret: "secret",
            pin: "pin", digits: "digits", period: "period", counter: "counter", algorithm: "algorithm", tags: "tags",
            note: "note", favourite: "favourite", noCode: "noCode")
    }
}
