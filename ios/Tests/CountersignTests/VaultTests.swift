import Countersign
import Foundation
import TestSupport
import Testing

/// Opening, locking, ways in, and every error of a vault.
@Suite struct VaultTests {
    static let password = Data("correct horse battery staple".utf8)
    let vault: TestVault
    var core: Authenticator { vault.core }

    init() throws { vault = try TestVault() }

    func beside(_ name: String) -> String { vault.folder.appendingPathComponent(name).path }

    @Test func aRecoveryCodeIsShownOnceAndOpens() throws {
        let code = vault.recoveryCode
        let text = code.text()
        let groups = String(decoding: text, as: UTF8.self).split(separator: "-").map { Data($0.utf8) }
        #expect(groups.count == 8)
        for (index, group) in groups.enumerated() { #expect(code.hasGroup(number: UInt32(index + 1), typed: group)) }
        #expect(!code.hasGroup(number: 0, typed: Data([0xff])) && !code.hasGroup(number: .max, typed: groups[0]))
        #expect(try core.checkRecoveryCode(typed: text))
        let other = try Authenticator.open(path: vault.path)
        #expect(try other.unlock(opened: other.openByRecoveryCode(typed: text), known: nil, now: now()) == .clean)
        let new = try core.newRecoveryCode(now: now())
        #expect(try !core.checkRecoveryCode(typed: text) && core.checkRecoveryCode(typed: new.text()))
    }

    @Test func everyMistakeOfARecoveryCode() throws {
        let text = String(decoding: vault.recoveryCode.text(), as: UTF8.self)
        let another = try TestVault().recoveryCode.text()
        let changed = Data(((text.hasPrefix("2") ? "3" : "2") + text.dropFirst()).utf8)
        let mistakes: [(Data, CodeMistake)] = [
            (Data(), .length(symbols: 0)), (Data([0xff, 0xfe]), .length(symbols: 0)),
            (Data(("!" + text.dropFirst()).utf8), .symbol(place: 1)), (changed, .check), (another, .other),
        ]
        for (typed, mistake) in mistakes {
            fails(.WrongRecoveryCode(mistake: mistake)) { try core.openByRecoveryCode(typed: typed) }
        }
    }

    @Test func aPassword() throws {
        let created = try createWithPassword(
            path: beside("2.db"), password: Self.password, recovery: false, now: now())
        #expect(created.recoveryCode == nil)
        let core = created.authenticator
        #expect(try self.core.ways() == [.platform, .recovery] && core.ways() == [.password])
        fails(.WrongPassword) { try core.openByPassword(password: Data("another".utf8)) }
        refused(.noSuchWay) { try core.openByPlatform(key: TestVault.key) }
        refused(.noWayBack) { try core.setPassword(password: Data(), now: now()) }
        refused(.valueTooLarge) { try core.setPassword(password: Data(count: 2000), now: now()) }
        refused(.noWayBack) { try core.removeWay(way: .password, now: now()) }
        try core.setPassword(password: Data("another".utf8), now: now())
        fails(.WrongPassword) { try core.openByPassword(password: Self.password) }
        core.lock()
        let opened = try core.openByPassword(password: Data("another".utf8))
        #expect(try core.unlock(opened: opened, known: nil, now: now()) == .clean)
        try core.setPlatform(key: TestVault.key, now: now())
        try core.removeWay(way: .platform, now: now())
        #expect(try core.ways() == [.password])
    }

    @Test func locking() throws {
        let account = try vault.add()
        let start = now()
        try core.touch(now: start)
        #expect(core.lockAt() == nil)
        core.setGrace(ms: 1000)
        try core.touch(now: start)
        #expect(core.lockAt() == start.steadyMs + 1000)
        let late = now(steadyMs: start.steadyMs + 1000)
        #expect(!core.isLocked(now: start) && core.isLocked(now: late))
        let opened = try core.openByPlatform(key: TestVault.key)
        fails(.Locked) { try core.head() }
        fails(.Locked) { try core.touch(now: late) }
        fails(.Locked) { try core.accounts(shelf: .inUse, now: late) }
        fails(.Locked) { try core.codes(ids: [account], now: late) }
        fails(.Locked) { try core.rename(id: account, issuer: "a", name: "b", now: late) }
        fails(.Locked) { try core.watchKey(now: late) }
        fails(.Locked) { try core.begin(job: .check(account: account), now: late) }
        fails(.Locked) { try core.unfinished(now: late) }
        fails(.Locked) { try core.setPlatform(key: Data(count: 32), now: late) }
        fails(.Locked) { try core.add(scanned: totp("a"), now: late) }
        _ = try core.unlock(opened: opened, known: nil, now: late)
        #expect(!core.isLocked(now: late))
    }

    @Test func anOlderCopyIsNoticed() throws {
        try vault.add()
        core.lock()
        try FileManager.default.copyItem(atPath: vault.path, toPath: beside("copy.db"))
        let newer = try vault.reopened()
        newer.setGrace(ms: nil)
        _ = try newer.add(scanned: totp("bob"), now: now())
        let head = try newer.head()
        let older = try Authenticator.open(path: beside("copy.db"))
        #expect(older.vaultId() == core.vaultId())
        let opened = try older.openByPlatform(key: TestVault.key)
        guard case .rolledBack(let found) = try older.unlock(opened: opened, known: head, now: now()) else {
            Issue.record("an older file was taken")
            return
        }
        #expect(found.generation < head.generation && older.isLocked(now: now()))
        #expect(try older.unlockOlder(opened: opened, known: head, now: now()) == .clean)
        let short = Head(generation: 1, tag: Data("short".utf8))
        fails(.WrongLength) { try older.unlock(opened: opened, known: short, now: now()) }
    }

    @Test func bytesOfTheWrongLength() {
        fails(.WrongLength) { try core.openByPlatform(key: Data("short".utf8)) }
        fails(.WrongLength) { try core.setPlatform(key: Data(), now: now()) }
        fails(.WrongLength) { try createWithPlatform(path: beside("2.db"), key: Data(count: 33), now: now()) }
        fails(.WrongLength) { try Background.open(path: vault.path, watchKey: Data()) }
        #expect(!FileManager.default.fileExists(atPath: beside("2.db")))
    }

    @Test func keysOfAnotherVault() throws {
        fails(.PlatformKeyGone) { try core.openByPlatform(key: Data(count: 32)) }
        fails(.WrongWatchKey) { try Background.open(path: vault.path, watchKey: Data(count: 32)) }
        let old = try core.watchKey(now: now())
        try core.renewWatch(now: now())
        fails(.WrongWatchKey) { try Background.open(path: vault.path, watchKey: old) }
        #expect(try core.verify(now: now()) == [])
    }

    @Test func filesThatAreNoVault() throws {
        fails(.VaultExists) { try createWithPlatform(path: vault.path, key: TestVault.key, now: now()) }
        fails(.NoVault) { try Authenticator.open(path: beside("none/vault.db")) }
        for content in [Data(), Data(count: 5000), Data("SQLite format 3\0".utf8) + Data(count: 5000)] {
            try content.write(to: URL(fileURLWithPath: beside("other.db")))
            do {
                _ = try Authenticator.open(path: beside("other.db"))
                Issue.record("no vault was opened")
            } catch CountersignError.Unreadable(let reason) {
                #expect([.notAVault, .vaultDamaged].contains(reason))
            }
        }
    }

    @Test func aNewerVault() throws {
        core.lock()
        try python(
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 1000')", vault.path)
        fails(.Unreadable(reason: .newerVersion)) { try Authenticator.open(path: vault.path) }
    }

    @Test func aDamagedPageIsNamedAndTheRestIsRead() throws {
        try vault.add()
        core.lock()
        let damage = """
            import sqlite3, sys
            file = sqlite3.connect(sys.argv[1], isolation_level=None)
            file.execute("UPDATE page SET sealed = zeroblob(length(sealed)) WHERE number = (SELECT min(number) FROM page)")
            """
        try python(damage, vault.path)
        let other = try Authenticator.open(path: vault.path)
        let opened: OpenedWay = try other.openByPlatform(key: TestVault.key)
        guard case .damaged(let parts) = try other.unlock(opened: opened, known: nil, now: now()) else {
            Issue.record("the damage was not noticed")
            return
        }
        #expect(!parts.isEmpty && !other.isLocked(now: now()))
    }

    @Test func aPlaceThatCannotBeWritten() {
        do {
            _ = try createWithPlatform(path: "/sys/countersign.db", key: TestVault.key, now: now())
            Issue.record("written where nothing can be")
        } catch CountersignError.NotWritten(let reason) {
            #expect([.readOnly, .systemFailed].contains(reason))
        } catch {
            #expect(error as? CountersignError == .NoVault)
        }
    }

    @Test func anotherProcessThatWrites() throws {
        let account = try vault.add()
        let other = vault.held()
        fails(.InUse) { try core.rename(id: account, issuer: "a", name: "b", now: now()) }
        other.stop()
        try core.rename(id: account, issuer: "a", name: "b", now: now())
    }

    @Test func rowsOfTheApp() throws {
        #expect(try core.hostRow(id: "key-1", now: now()) == nil)
        try core.putHostRow(id: "key-1", value: Data("key".utf8), now: now())
        #expect(try vault.reopened().hostRow(id: "key-1", now: now()) == Data("key".utf8))
        try core.removeHostRows(ids: ["key-1", "key-2"], now: now())
        #expect(try core.hostRow(id: "key-1", now: now()) == nil)
        refused(.valueTooLarge) { try core.putHostRow(id: "key-1", value: Data(count: 200_000), now: now()) }
    }

    @Test func noTextOfAnErrorTellsASecret() {
        do {
            _ = try core.openByRecoveryCode(typed: Data("hunter2 hunter2".utf8))
            Issue.record("opened")
        } catch {
            #expect(!"\(error) \(error.localizedDescription) \(String(reflecting: error))".contains("hunter2"))
        }
    }

    private func python(_ program: String, _ argument: String) throws {
        let done = Program(["python3", "-c", program + "\nprint('done')", argument])
        #expect(done.readLine() == "done")
    }
}
