import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Accounts of other apps: read, looked at, chosen, brought in, taken away again.
@MainActor @Suite struct ImportModelTests {
    let vault: TestVault
    let device = FakeDevice()
    let phone: Phone
    let model: ImportModel

    init() throws {
        vault = try TestVault()
        phone = Phone(vault.core, device.platform(vault.path))
        model = ImportModel(phone)
    }

    var names: [String] { get throws { try vault.core.accounts(shelf: .inUse, now: now()).map(\.name) } }

    @Test func aFileIsShownBeforeAnythingIsTaken() async throws {
        await model.handle(.files([Exports.file("aegis/plain.json")]))
        #expect(model.state.stage == .preview && model.state.apps == ["Aegis"])
        #expect(model.state.rows.count == 4 && model.state.chosen == [0, 1, 2, 3])
        #expect(try names == [])
        await model.handle(.choose(0))
        await model.handle(.bringIn)
        guard case .done(let done) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(done.count == 3 && done.setUps == [] && model.state.past.map(\.id) == [done.id])
        #expect(try names.count == 3)
        await model.handle(.undo(try #require(done.id)))
        #expect(try model.state.undone == 3 && model.state.past == [] && names == [])
    }

    @Test func everyStandingIsTold() async throws {
        let secret = TestVault.secret
        let (same, gone) = (try vault.add("alice"), try vault.add("gone", "&digits=8"))
        try vault.core.remove(id: gone, now: now())
        let new = "otpauth://totp/N:n?secret=\(String(secret.reversed()))B&issuer=N"
        let list = [
            "otpauth://totp/Example:alice?secret=\(secret)&issuer=Example",
            "otpauth://totp/Example:gone?secret=\(secret)&issuer=Example&digits=8",
            "otpauth://totp/Other:name?secret=\(secret)&issuer=Other", new, new, "otpauth://totp/B:b?secret=1",
        ]
        await model.handle(.files([PickedFile(name: "list", content: Data(list.joined(separator: "\n").utf8))]))
        #expect(
            model.state.rows.map(\.standing) == [
                .same(account: same), .inTrash(account: gone), .differs(account: same, what: [.names]), .new,
                .repeated(entry: 3), .refused(reason: .secretNotBase32),
            ])
        #expect(model.state.rows[3].isOdd && model.state.rows[3].odd == [.secretOddLength])
        #expect(!model.state.chosen.contains(0) && model.state.chosen.contains(3))
        await model.handle(.chooseAll(true))
        #expect(model.state.chosen == [0, 1, 2, 3, 4])
        await model.handle(.chooseAll(false))
        await model.handle(.bringIn)
        guard case .done(let done) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(done.id == nil && done.count == 0)
    }

    @Test func aPasswordIsAskedForWithTheAppsName() async throws {
        await model.handle(.files([Exports.file("bitwarden/pbkdf2.json")]))
        guard case .locked(let file) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(file.app == "Bitwarden" && file.name == "pbkdf2.json" && !file.takesCode && file.memoryMib == nil)
        await model.handle(.password("wrong"))
        #expect(model.state.stage == .locked(file) && model.state.trouble == .reason(.importWrongPassword))
        await model.handle(.password(Exports.password))
        #expect(model.state.stage == .preview && model.state.rows.count == 4)
    }

    @Test(arguments: ["ente/encrypted.txt", "andotp/old.json.aes", "aegis/encrypted.json", "keepass/argon2d_aes.kdbx"])
    func everyKindOfDerivation(_ name: String) async {
        await model.handle(.files([Exports.file(name)]))
        await model.handle(.password(Exports.password))
        #expect(model.state.stage == .preview && !model.state.rows.isEmpty, "\(name): \(model.state)")
    }

    @Test func aLongDerivationIsForetoldTellsHowFarItIsAndStops() async throws {
        // Each look at this clock is 100 ms after the one before.
        var platform = device.platform(vault.path)
        platform.time = SlowTime()
        let model = ImportModel(Phone(vault.core, platform))
        let long = try changed("bitwarden/pbkdf2.json", #""kdfIterations": 5000"#, #""kdfIterations": 10000000"#)
        await model.handle(.files([long]))
        guard case .locked(let file) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(file.seconds == 100)
        let opening = Task { await model.handle(.password(Exports.password)) }
        #expect(await eventually { if case .deriving(file, .some) = model.state.stage { true } else { false } })
        await model.handle(.stop)
        await opening.value
        #expect(model.state.stage == .locked(file) && model.state.trouble == nil)
        await model.handle(.stop)
        #expect(model.state.stage == .choosing)
    }

    @Test func whoeverLeavesWhileAFileIsBeingOpenedFindsNothingOfIt() async throws {
        let long = try changed("bitwarden/pbkdf2.json", #""kdfIterations": 5000"#, #""kdfIterations": 10000000"#)
        await model.handle(.files([long]))
        let opening = Task { await model.handle(.password(Exports.password)) }
        #expect(await eventually { if case .deriving = model.state.stage { true } else { false } })
        model.close()
        await opening.value
        #expect(model.state == ImportModel(phone).state)
    }

    @Test func moreMemoryIsAskedFor() async throws {
        // As Ente makes it on a computer: 1 GiB.
        let big = try changed("ente/encrypted.txt", #""memLimit": 1048576"#, #""memLimit": 1073741824"#)
        await model.handle(.files([big]))
        guard case .memory(let file) = model.state.stage else { throw Missing("\(model.state)") }
        #expect(file.memoryMib == 1024 && file.app == "Ente Auth")
        await model.handle(.allowMemory)
        guard case .locked = model.state.stage else { throw Missing("\(model.state)") }
        let beyond = try changed("ente/encrypted.txt", #""opsLimit": 2"#, #""opsLimit": 1000000"#)
        let other = ImportModel(phone)
        await other.handle(.files([beyond]))
        #expect(other.state.stage == .failed && other.state.unread.first?.over != nil)
        #expect(other.state.unread.first?.trouble == .reason(.derivationTooCostly))
    }

    @Test func partsComeInAnyOrder() async throws {
        let parts = try Exports.lines("google/version2.txt")
        await model.handle(.files([parts[0], parts[1]]))
        #expect(model.state.missing == [2] && model.state.apps == ["Google Authenticator"])
        let before = model.state.rows.count
        await model.handle(.choose(0))
        await model.handle(.files([parts[2]]))
        #expect(model.state.missing == [] && model.state.rows.count > before && !model.state.chosen.contains(0))
    }

    @Test func oneBadFileKeepsNoOtherAway() async {
        let none = PickedFile(vault.folder.appendingPathComponent("none.json"))
        let text = PickedFile(name: "letter.txt", content: Data("Dear all".utf8))
        await model.handle(.files([none, text, Exports.file("2fas/plain.2fas"), Exports.file("ente/page.html")]))
        #expect(model.state.stage == .preview && model.state.rows.count == 4)
        #expect(
            model.state.unread.map(\.trouble) == [
                .file(.unreadable), .reason(.notAnImport), .reason(.pageOnly),
            ])
        let other = ImportModel(phone)
        await other.handle(.files([none]))
        #expect(other.state.stage == .failed && other.state.unread.map(\.name) == ["none.json"])
        await other.handle(.again)
        #expect(other.state.stage == .choosing && other.state.unread == [])
    }

    @Test func microsoftsWorkAccountsAreToSignInAgain() async {
        await model.handle(.files([Exports.file("microsoft/PhoneFactor")]))
        let work = model.state.rows.filter { $0.standing == .refused(reason: .accountNotPortable) }
        #expect(work.map(\.name) == ["frank@contoso.example"] && !model.state.chosen.contains(work[0].entry))
    }

    @Test func aBackupComesBackByPasswordOrCodeAndNothingElseIsOne() async throws {
        let phone = Phone(vault.core, device.platform(vault.path))
        try vault.add("alice")
        try vault.core.setBackupPassword(password: Data(Exports.password.utf8), now: now())
        let code = try vault.core.newBackupCode(now: now())
        let backup = try vault.core.backup(now: now()).bytes()
        for secret in [Exports.password, String(decoding: code.text(), as: UTF8.self)] {
            let new = try TestVault()
            let restoring = ImportModel(Phone(new.core, device.platform(new.path)), restores: true)
            await restoring.handle(.files([PickedFile(name: "a.backup", content: backup)]))
            guard case .locked(let file) = restoring.state.stage else { throw Missing("\(restoring.state)") }
            #expect(file.takesCode && file.app == "Countersign")
            await restoring.handle(.recoveryCode("1234"))
            #expect(restoring.state.trouble == .reason(.recoveryCodeMistyped))
            await restoring.handle(secret == Exports.password ? .password(secret) : .recoveryCode(secret))
            #expect(restoring.state.madeAt != nil && restoring.state.rows.map(\.name) == ["alice"])
            await restoring.handle(.bringIn)
            #expect(try new.core.accounts(shelf: .inUse, now: now()).map(\.name) == ["alice"])
        }
        let restoring = ImportModel(phone, restores: true)
        await restoring.handle(.files([Exports.file("aegis/plain.json")]))
        #expect(restoring.state.unread.map(\.trouble) == [.reason(.notABackup)])
    }

    @Test func approvalsThatStayedBehindAreListed() async throws {
        let file = PickedFile(URL(fileURLWithPath: repository + "/tests/fixtures/backup/v1.backup"))
        let restoring = ImportModel(phone, restores: true)
        await restoring.handle(.files([file]))
        await restoring.handle(.password(Exports.password))
        let rows = restoring.state.rows
        let only = rows.filter { $0.standing == .refused(reason: .needsNewSetUp) }
        #expect(!only.isEmpty && only.allSatisfy { $0.needsSetUp != nil && $0.digits == nil })
        await restoring.handle(.bringIn)
        guard case .done(let done) = restoring.state.stage else { throw Missing("\(restoring.state)") }
        #expect(done.setUps == rows.filter { $0.needsSetUp != nil } && done.setUps.count >= only.count)
        #expect(done.setUps.allSatisfy { $0.needsSetUp?.origin.hasPrefix("https://") == true })
    }

    @Test func whatCameWithoutAFileIsReadOnceAndOverwritten() async throws {
        let (content, memory) = seen(Data("otpauth://totp/A:a?secret=\(TestVault.secret)".utf8))
        defer { memory.deallocate() }
        let file = PickedFile(name: "link", content: content)
        await model.handle(.files([file]))
        #expect(model.state.rows.map(\.name) == ["a"] && memory.allSatisfy { $0 == 0 })
        await model.handle(.files([file]))
        #expect(model.state.unread.map(\.trouble) == [.file(.unreadable)] && model.state.rows.count == 1)
    }

    @Test func whatIsAddedFromATransferCodeIsOverwrittenToo() async throws {
        let add = AddModel(phone)
        let path = URL(fileURLWithPath: repository + "/tests/fixtures/import/google/version2.txt")
        let part = try Data(contentsOf: path).split(separator: UInt8(ascii: "\n"))[0]
        let (content, memory) = seen(Data(part))
        defer { memory.deallocate() }
        await add.handle(.text(content))
        #expect(add.importing?.state.rows.count == 1 && memory.allSatisfy { $0 == 0 })
        // One account that is not brought in is only looked at.
        func look() async -> UnsafeMutableRawBufferPointer {
            let (link, memory) = seen(Data("otpauth://totp/A:a?secret=\(TestVault.secret)".utf8))
            await AddModel(phone).handle(.text(link))
            return memory
        }
        let looked = await look()
        defer { looked.deallocate() }
        #expect(looked.allSatisfy { $0 == 0 })
    }

    /// Content of which it is seen where it lies, and not in a copy, what becomes of it.
    private func seen(_ bytes: Data) -> (PickedContent, UnsafeMutableRawBufferPointer) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        bytes.copyBytes(to: memory)
        let content = Data(bytesNoCopy: memory.baseAddress!, count: memory.count, deallocator: .none)
        return (PickedContent(content), memory)
    }

    @Test func anEntryThatCanNotBeTakenIsNotChosen() async {
        let list = PickedFile(name: "list", content: Data("otpauth://totp/B:b?secret=1".utf8))
        await model.handle(.files([list]))
        await model.handle(.choose(0))
        await model.handle(.chooseAll(true))
        #expect(model.state.chosen == [] && model.state.rows.count == 1)
    }

    @Test func whatComesWhileAFileWantsItsPasswordWaits() async {
        await model.handle(.files([Exports.file("aegis/encrypted.json")]))
        await model.handle(.files([Exports.file("2fas/plain.2fas")]))
        guard case .locked = model.state.stage else { return }
        await model.handle(.password(Exports.password))
        #expect(model.state.stage == .preview && model.state.apps == ["Aegis", "2FAS"])
        model.close()
        #expect(model.state == ImportModel(phone).state)
    }

    @Test func aLockedVaultTakesNothing() async {
        await model.handle(.files([Exports.file("aegis/plain.json")]))
        vault.core.lock()
        await model.handle(.bringIn)
        #expect(model.state.stage == .preview && model.state.trouble == .reason(.locked))
    }

    @Test func transferCodesAreScannedOneAfterTheOther() async throws {
        for name in 0..<12 { try vault.add("account\(name)") }
        let export = try vault.core.export(target: .google, accounts: nil, now: now())
        let camera = FakeCamera()
        let add = AddModel(Phone(vault.core, device.platform(vault.path, camera: camera)))
        await add.handle(.way(.scan))
        for place in 0..<export.codeCount() {
            let picture = try export.codePng(place: place, scale: 3)
            camera.picture.value = picture
            await add.handle(.frame(try frame(of: picture, in: vault.folder)))
            #expect(add.state.stage == .importing)
            let importing = try #require(add.importing)
            #expect(importing.state.apps == ["Google Authenticator"])
            #expect(importing.state.missing.count == Int(export.codeCount() - place - 1))
            await add.handle(.scanMore)
        }
        #expect(add.importing?.state.rows.count == 12)
        await add.handle(.picture(PickedContent(try export.codePng(place: 0, scale: 3))))
        #expect(add.state.stage == .importing && add.importing?.state.rows.count == 12)
    }
}

/// A file of the repository with another figure in it.
private func changed(_ name: String, _ old: String, _ new: String) throws -> PickedFile {
    let path = repository + "/tests/fixtures/import/" + name
    let content = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: old, with: new)
    return PickedFile(name: name, content: Data(content.utf8))
}

/// A picture (PNG, 8 bits of grey) as a camera sees it.
private func frame(of picture: Data, in folder: URL) throws -> LumaFrame {
    let read = """
        import struct, sys, zlib
        png, at, packed = open(sys.argv[1], "rb").read(), 8, b""
        while at < len(png):
            (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
            if kind == b"IHDR":
                width, height = struct.unpack(">II", png[at + 8 : at + 16])
            if kind == b"IDAT":
                packed += png[at + 8 : at + 8 + size]
            at += size + 12
        rows, before, luma = zlib.decompress(packed), bytes(width), b""
        for start in range(0, len(rows), width + 1):
            row = bytearray(rows[start + 1 : start + 1 + width])
            for x in range(width):
                left, up, corner = (row[x - 1], before[x], before[x - 1]) if x else (0, before[0], 0)
                paeth = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
                row[x] = (row[x] + (0, left, up, (left + up) // 2, paeth)[rows[start]]) % 256
            luma, before = luma + row, row
        open(sys.argv[1], "wb").write(luma)
        print(width)
        """
    let file = folder.appendingPathComponent("frame")
    try picture.write(to: file)
    let width = UInt32(Program(["python3", "-c", read, file.path]).readLine())!
    let luma = try Data(contentsOf: file)
    return LumaFrame(luma: luma, width: width, height: UInt32(luma.count) / width, stride: width)
}

/// A clock that is 100 ms later at each look.
private final class SlowTime: TimeSource {
    private let start = TestSupport.now()
    private let looks = Box<UInt64>(0)

    func now() -> Now {
        looks.value += 100
        return Now(wall: start.wall, steadyMs: start.steadyMs + looks.value)
    }

    func sleep(ms: UInt64) async throws {}
}
