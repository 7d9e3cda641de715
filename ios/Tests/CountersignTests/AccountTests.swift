import Countersign
import Foundation
import TestSupport
import Testing

@Suite struct AccountTests {
    let vault: TestVault
    var core: Authenticator { vault.core }

    init() throws { vault = try TestVault() }

    func names(_ shelf: Shelf = .inUse) throws -> [String] { try core.accounts(shelf: shelf, now: now()).map(\.name) }

    @Test func addedOnceKeptAndFound() throws {
        let first = try core.add(scanned: totp("alice"), now: now())
        let again = try core.add(scanned: totp("alice"), now: now())
        #expect(first.added && !again.added && again.id == first.id)
        let other = try core.add(scanned: totp("alice", "&digits=8"), now: now())
        #expect(other.added && other.id != first.id)
        #expect(try core.add(scanned: scan("otpauth://totp/B:b?secret=GEZDGNBV"), now: now()).odd == [.secretShort])
        let found = try core.search(text: "EXAMPLE ali", shelf: .inUse, now: now())
        #expect(Set(found.map(\.id)) == [first.id, other.id])
        #expect(try vault.reopened().accounts(shelf: .inUse, now: now()).map(\.name) == names())
    }

    @Test func everythingThatIsChanged() throws {
        let account = try vault.add()
        let second = try vault.add("bob")
        try core.rename(id: account, issuer: "Example Ltd", name: "alice\u{202e}@example.com", now: now())
        try core.setFavourite(id: account, favourite: true, now: now())
        try core.setTags(id: account, tags: ["work", "home", "work", ""], now: now())
        try core.setNote(id: account, note: "a note", now: now())
        refused(.noApprovals) { try core.setLabel(id: account, label: "Work", now: now()) }
        let (details, summary) = try (core.details(id: account, now: now()), core.summary(id: account, now: now()))
        #expect(summary.issuer == "Example Ltd" && summary.name == "alice@example.com")
        #expect(summary.favourite && summary.tags == ["home", "work"] && details.note == "a note")
        #expect(summary.needsBackup && details.addedAt <= details.changedAt && summary.trashedAt == nil)
        #expect(details.codes == CodeDetails(kind: .totp(period: 30), algorithm: .sha1, digits: 6))
        #expect(details.approvals == nil)
        try core.setFavourite(id: account, favourite: false, now: now())
        try core.moveBefore(id: second, before: account, now: now())
        #expect(try names() == ["bob", "alice@example.com"])
        try core.moveBefore(id: second, before: nil, now: now())
        #expect(try names() == ["alice@example.com", "bob"])
        #expect(try core.backupState(now: now()).last == nil)
        let huge = String(repeating: "x", count: 1_000_000)
        refused(.valueTooLarge) { try core.setNote(id: account, note: huge, now: now()) }
    }

    @Test func trash() throws {
        let account = try vault.add()
        try core.remove(id: account, now: now())
        #expect(try names() == [] && names(.trash) == ["alice"])
        try core.restore(id: account, now: now())
        #expect(try names() == ["alice"])
        try core.remove(id: account, now: now())
        #expect(try core.purge(id: account, now: now()) == [])
        fails(.NoSuchAccount) { try core.summary(id: account, now: now()) }
        fails(.NoSuchAccount) { try core.details(id: account, now: now()) }
        fails(.NoSuchAccount) { try core.restore(id: account, now: now()) }
        fails(.NoSuchAccount) { try core.purge(id: account, now: now()) }
        fails(.NoSuchAccount) { try core.codes(ids: ["nobody"], now: now()) }
    }

    @Test func aSetUpCodeComesOutOnlyWhereAskedFor() throws {
        let account = try vault.add()
        let text = try core.setupText(id: account, now: now())
        #expect(String(decoding: text, as: UTF8.self).contains(TestVault.secret))
        let again = recognise(text: text)
        #expect(try !core.add(scanned: again, now: now()).added)
        let picture = try core.setupPng(id: account, scale: 4, now: now())
        let scanned = try #require(scanPicture(file: picture).first)
        #expect(try core.add(scanned: scanned, now: now()).id == account)
        #expect(try core.setupSvg(id: account, now: now()).starts(with: Data("<svg".utf8)))
        for shown: Any in [again, again.describe(), try core.details(id: account, now: now())] {
            var dumped = ""
            dump(shown, to: &dumped)
            #expect(!dumped.contains(TestVault.secret) && !"\(shown)".contains(TestVault.secret))
        }
    }

    @Test func codesOfMany() throws {
        let byTime = try vault.add()
        let hotp = scan("otpauth://hotp/c?secret=\(TestVault.secret)&counter=1")
        let byUse = try core.add(scanned: hotp, now: now()).id
        let both = try core.codes(ids: [byTime, byUse], now: now(wall: 59))
        let codes = try #require(both[0])
        #expect(codes.current == "287082" && codes.validFrom == 30 && codes.validUntil == 60 && both[1] == nil)
        #expect(try core.codes(ids: [byTime], now: now(wall: 60))[0]?.current == codes.next)
        #expect(try core.codes(ids: [], now: now()) == [])
        #expect(try core.useCounter(id: byUse, now: now()) == "287082")
        refused(.secretMissing) { try core.useCounter(id: byTime, now: now()) }
        _ = try core.codes(ids: [byTime], now: now(wall: .min))
        _ = try core.codes(ids: [byTime], now: now(wall: .max))
    }
}
