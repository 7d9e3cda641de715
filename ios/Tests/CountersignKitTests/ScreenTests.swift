import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// First run, locking and unlocking, adding, settings.
@MainActor @Suite struct ScreenTests {
    let vault: TestVault
    let device = FakeDevice()

    init() throws { vault = try TestVault() }

    func app(_ name: String) -> AppModel {
        AppModel(device.platform(vault.folder.appendingPathComponent(name).path))
    }

    @Test func aFirstRunWithTheDeviceLock() async throws {
        let app = app("new.db")
        await app.handle(.start)
        guard case .firstRun(let model) = app.screen else { throw Missing("no first run") }
        await model.handle(.begin)
        #expect(model.state.page == .lock && model.state.hasDeviceLock)
        await model.handle(.useDeviceLock)
        guard case .recovery(.code(let groups)) = model.state.page else { throw Missing("no recovery code") }
        #expect(groups.count == 8 && device.secrets.stored.value[.platformKey]?.count == 32)
        await model.handle(.recovery(.written))
        guard case .recovery(.check(let group, false)) = model.state.page else { throw Missing("no check") }
        await model.handle(.recovery(.typed("wrong")))
        #expect(model.state.page == .recovery(.check(group: group, wrong: true)))
        await model.handle(.recovery(.typed(groups[group - 1].lowercased())))
        #expect(model.state.page == .backup && model.backups?.state.standing?.place == nil)
        await model.handle(.backupsDone)
        #expect(model.state.page == .ready)
        await model.finish()
        guard case .open(let open) = app.screen else { throw Missing("not open") }
        #expect(open.accounts.state.isEmpty)

        await app.handle(.lock)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        device.secrets.recognises.value = false
        await unlock.handle(.device)
        guard case .locked = app.screen else { throw Missing("opened for a stranger") }
        #expect(unlock.state.trouble == nil && unlock.state.way == .platform)
        device.secrets.recognises.value = true
        await unlock.handle(.device)
        guard case .open = app.screen else { throw Missing("not open again") }
    }

    @Test func aFirstRunWithAPasswordAndTheGraceTime() async throws {
        let app = app("new.db")
        await app.handle(.start)
        guard case .firstRun(let model) = app.screen else { throw Missing("no first run") }
        await model.handle(.begin)
        await model.handle(.choosePassword)
        await model.handle(.usePassword("one", again: "two"))
        #expect(model.state.passwordsDiffer && model.state.page == .password)
        await model.handle(.usePassword("correct horse", again: "correct horse"))
        guard case .recovery(.code(let groups)) = model.state.page else { throw Missing("\(model.state)") }
        await model.finish()
        // At the front no time is too long.
        device.time.pass(ms: 3600_000)
        await app.handle(.tick)
        await app.handle(.inactive)
        await app.handle(.background)
        device.time.pass(ms: 29_000)
        await app.handle(.tick)
        guard case .open = app.screen else { throw Missing("locked too early") }
        device.time.pass(ms: 2_000)
        await app.handle(.tick)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked in time") }
        await unlock.handle(.password("wrong"))
        #expect(unlock.state.trouble == .reason(.wrongPassword))
        await unlock.handle(.recoveryCode("abc"))
        #expect(unlock.state.trouble == .recoveryCode(.length(symbols: 3)))
        await unlock.handle(.show(.recovery))
        await unlock.handle(.recoveryCode(groups.joined(separator: " ")))
        guard case .open = app.screen else { throw Missing("not open by the recovery code") }
    }

    @Test func aKeyThatWentWithThePasscodeIsToldAndAnotherWayOffered() async throws {
        let app = app("vault.db")
        await app.handle(.start)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        #expect(unlock.state.way == .platform)
        await unlock.handle(.device)
        #expect(unlock.state.trouble == .reason(.platformKeyGone) && unlock.state.way == .recovery)
        await unlock.handle(.recoveryCode(String(decoding: vault.recoveryCode.text(), as: UTF8.self)))
        guard case .open = app.screen else { throw Missing("not open") }
    }

    @Test func aPaperThatWasNeverCheckedIsAskedForAtTheNextUnlocking() async throws {
        let first = app("new.db")
        await first.handle(.start)
        guard case .firstRun(let model) = first.screen else { throw Missing("no first run") }
        await model.handle(.useDeviceLock)
        // The app is killed while the code is on the screen.
        func unlocked() async throws -> OpenApp {
            let app = app("new.db")
            await app.handle(.start)
            guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
            await unlock.handle(.device)
            guard case .open(let open) = app.screen else { throw Missing("not open") }
            return open
        }
        let open = try await unlocked()
        guard case .recovery(let paper) = open.room else { throw Missing("nothing said") }
        await paper.handle(.newRecoveryCode)
        // Not checked either: a row of the vault still says so.
        await paper.handle(.leaveRecovery)
        open.phone.core.lock()
        let again = try await unlocked()
        guard case .recovery(let second) = again.room else { throw Missing("nothing said the second time") }
        await second.handle(.newRecoveryCode)
        guard case .code(let groups) = second.state.recovery else { throw Missing("no code") }
        await second.handle(.recovery(.written))
        guard case .check(let group, _) = second.state.recovery else { throw Missing("no check") }
        await second.handle(.recovery(.typed(groups[group - 1])))
        again.phone.core.lock()
        #expect(try await unlocked().room == nil)
    }

    @Test func anOlderCopyIsAChoice() async throws {
        try vault.add()
        vault.core.lock()
        let copy = vault.folder.appendingPathComponent("copy.db").path
        try FileManager.default.copyItem(atPath: vault.path, toPath: copy)
        let newer = try vault.reopened()
        _ = try newer.add(scanned: totp("bob"), now: now())
        try await Phone(newer, device.platform(vault.path)).change { core, now in try core.touch(now: now) }
        device.secrets.write(TestVault.key, as: .platformKey)
        let app = app("copy.db")
        await app.handle(.start)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        await unlock.handle(.device)
        #expect(unlock.state.isOlder && unlock.state.trouble == .reason(.rolledBack))
        await unlock.handle(.openOlder)
        guard case .open = app.screen else { throw Missing("not open") }
    }

    @Test func whatIsNoVaultIsNeverWiped() async throws {
        let path = vault.folder.appendingPathComponent("text.db")
        try Data("a text".utf8).write(to: path)
        let app = app("text.db")
        await app.handle(.start)
        guard case .unusable(.reason(let reason)) = app.screen else { throw Missing("used") }
        #expect([.notAVault, .vaultDamaged].contains(reason))
        #expect(try Data(contentsOf: path) == Data("a text".utf8))
    }

    @Test func aLinkWaitsForTheVaultAndANumberInItIsNotUsed() async throws {
        device.secrets.write(TestVault.key, as: .platformKey)
        let app = app("vault.db")
        await app.handle(.start)
        await app.handle(.link(URL(string: "otpauth://totp/b?secret=GEZDGNBVGY3TQOJQGEZDGNBV")!))
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        await unlock.handle(.device)
        guard case .open(let open) = app.screen else { throw Missing("not open") }
        guard case .found(let code) = open.adding?.state.stage else { throw Missing("nothing to add") }
        #expect(code.about.account == "b" && open.accounts.state.accounts == [])
    }

    /// The app open, with the grace time set.
    func opened(_ grace: UInt64?) async throws -> (AppModel, OpenApp) {
        var preferences = Preferences()
        preferences.graceSeconds = grace
        device.preferences.save(preferences)
        device.secrets.write(TestVault.key, as: .platformKey)
        let app = app("vault.db")
        await app.handle(.start)
        guard case .locked(let unlock) = app.screen else { throw Missing("not locked") }
        // The system's prompt lies over the app.
        await app.handle(.inactive)
        await unlock.handle(.device)
        await app.handle(.active)
        guard case .open(let open) = app.screen else { throw Missing("not open") }
        return (app, open)
    }

    @Test func tiqrsLinksOnThisPhoneAskFirst() async throws {
        let (app, open) = try await opened(nil)
        let server = TiqrServer()
        func follow(_ link: String) async throws -> AddModel {
            await app.handle(.link(try #require(URL(string: link))))
            return try #require(open.adding)
        }
        let add = try await follow(server.setUp)
        guard case .found = add.state.stage else { throw Missing("not found: \(add.state)") }
        let adding = Task { await add.handle(.add) }
        #expect(await eventually { if case .trust = add.state.stage { true } else { false } })
        #expect(device.network.sent.value == 0)
        await add.handle(.trust(true))
        await adding.value
        guard case .added = add.state.stage else { throw Missing("not added: \(add.state)") }

        device.network.sent.value = 0
        let signIn = try await follow(server.signIn)
        guard case .signIn(_, let asked) = signIn.state.stage else { throw Missing("\(signIn.state)") }
        #expect(asked.map(\.request.application) == ["Example tiqr"])
        #expect(device.network.sent.value == 0 && device.lock.asked.value == 0)
    }

    @Test func atOnceIsWhenThePersonLeaves() async throws {
        let (app, _) = try await opened(0)
        await app.handle(.tick)
        guard case .open = app.screen else { throw Missing("locked at the front") }
        await app.handle(.inactive)
        guard case .locked = app.screen else { throw Missing("not locked at once") }
    }

    @Test(arguments: [0, 30])
    func aPromptOfTheAppIsNoAbsenceForTwoMinutes(_ grace: UInt64) async throws {
        let (app, open) = try await opened(grace)
        func ask(seconds: UInt64) async {
            device.lock.asking.value = { [device] in
                await app.handle(.inactive)
                device.time.pass(ms: seconds * 1000)
                await app.handle(.tick)
            }
            _ = await open.phone.platform.appLock.confirm("")
        }
        await ask(seconds: 119)
        await app.handle(.active)
        guard case .open = app.screen else { throw Missing("locked by its own prompt") }
        await ask(seconds: 120)
        guard case .locked = app.screen else { throw Missing("a prompt keeps it open for ever") }
    }

    @Test func whoeverLeavesAPromptIsGone() async throws {
        let (app, open) = try await opened(0)
        device.lock.asking.value = {
            await app.handle(.inactive)
            await app.handle(.background)
        }
        #expect(await open.phone.platform.appLock.confirm(""))
        guard case .locked = app.screen else { throw Missing("not locked") }
    }

    @Test func notificationsAreGoneOnceTheAppItselfTells() async throws {
        await device.notifications.show(id: "1", title: "a", body: "")
        let (app, _) = try await opened(30)
        #expect(device.notifications.shown.value == [])
        await app.handle(.inactive)
        await device.notifications.show(id: "2", title: "b", body: "")
        await app.handle(.active)
        #expect(device.notifications.shown.value == [])
    }

    @Test func theSwitcherShowsNothing() async {
        let app = app("vault.db")
        await app.handle(.inactive)
        #expect(app.isCovered)
        await app.handle(.active)
        #expect(!app.isCovered)
    }

    @Test func everyWayOfAdding() async throws {
        let phone = Phone(vault.core, device.platform(vault.path))
        let add = AddModel(phone)
        await add.handle(.kind(.other))
        await add.handle(.way(.type))
        var typed = TypedAccount()
        (typed.issuer, typed.name, typed.secret) = ("A & B", "me@example.com", TestVault.secret.lowercased() + " ")
        await add.handle(.typed(typed))
        await add.handle(.add)
        guard case .added(let added) = add.state.stage else { throw Missing("\(add.state)") }
        #expect(added.summary.issuer == "A & B" && added.summary.name == "me@example.com" && added.codes != nil)
        #expect("\(typed)" == "TypedAccount")

        let picture = try vault.core.setupPng(id: added.summary.id, scale: 4, now: now())
        await add.handle(.again)
        await add.handle(.picture(PickedContent(picture)))
        await add.handle(.add)
        guard case .added(let again) = add.state.stage else { throw Missing("\(add.state)") }
        #expect(again.wasThere && again.summary.id == added.summary.id)

        await add.handle(.again)
        await add.handle(.picture(PickedContent(Data("no picture".utf8))))
        #expect(add.state.trouble == .reason(.notAPicture))
        await add.handle(.text(PickedContent("phonefactor://a?code=1&url=https%3A%2F%2Fb.example")))
        guard case .cannot(let about, .microsoftPush) = add.state.stage else { throw Missing("\(add.state)") }
        #expect(about.foreignHost == "b.example")
    }

    @Test func aRefusedCameraHasAnotherWay() async {
        let camera = FakeCamera(.notAsked, asked: .refused)
        let add = AddModel(Phone(vault.core, device.platform(vault.path, camera: camera)))
        await add.handle(.way(.scan))
        #expect(add.state.stage == .scanning(.refused))
        await add.handle(.frame(LumaFrame(luma: Data(count: 10_000), width: 100, height: 100, stride: 100)))
        #expect(add.state.stage == .scanning(.refused))
    }

    @Test func onlyTheOwnerChangesWhatOpensTheVault() async throws {
        let model = SettingsModel(Phone(vault.core, device.platform(vault.path)), why: "")
        await model.handle(.load)
        let (head, secrets) = (try vault.core.head(), device.secrets.stored.value)
        device.lock.answers.value = false
        let changes: [SettingsModel.Event] = [
            .password("correct horse", again: "correct horse"), .newRecoveryCode, .deviceLock(true),
        ]
        for (count, change) in changes.enumerated() {
            await model.handle(change)
            #expect(device.lock.asked.value == count + 1 && model.state.trouble == .reason(.presenceRefused))
        }
        #expect(try vault.core.head() == head && device.secrets.stored.value == secrets)
    }

    @Test func withoutTheDeviceLockAPasswordOpensTheVaultAndNotThePaperAlone() async throws {
        device.secrets.write(TestVault.key, as: .platformKey)
        let model = SettingsModel(Phone(vault.core, device.platform(vault.path)), why: "")
        await model.handle(.load)
        await model.handle(.deviceLock(false))
        #expect(model.state.replacesDeviceLock && model.state.ways == [.platform, .recovery])
        await model.handle(.leavePassword)
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(model.state.ways.contains(.platform))
        // There is a password: the lock alone can go, by the person's own doing.
        device.lock.answers.value = false
        await model.handle(.deviceLock(false))
        #expect(model.state.ways.contains(.platform) && model.state.trouble == .reason(.presenceRefused))
        device.lock.answers.value = true
        await model.handle(.deviceLock(false))
        #expect(!model.state.ways.contains(.platform) && device.secrets.stored.value[.platformKey] == nil)
    }

    @Test func aPasswordTakesThePlaceOfTheDeviceLock() async throws {
        device.secrets.write(TestVault.key, as: .platformKey)
        let model = SettingsModel(Phone(vault.core, device.platform(vault.path)), why: "")
        await model.handle(.deviceLock(false))
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(Set(model.state.ways) == [.password, .recovery] && !model.state.replacesDeviceLock)
        #expect(device.secrets.stored.value[.platformKey] == nil && model.state.notice == .passwordSet)
    }

    @Test func settingsAreInForceAtOnce() async throws {
        try vault.add("alice@example.com")
        let model = SettingsModel(Phone(vault.core, device.platform(vault.path)), why: "")
        await model.handle(.load)
        #expect(model.state.ways == [.platform, .recovery])
        await model.handle(.grace(nil))
        await model.handle(.language(.japanese))
        #expect(device.preferences.load().graceSeconds == nil && device.preferences.load().language == .japanese)
        await model.handle(.password("a", again: "b"))
        #expect(model.state.passwordsDiffer)
        await model.handle(.password("correct horse", again: "correct horse"))
        #expect(model.state.notice == .passwordSet && model.state.ways.contains(.password))
        await model.handle(.newRecoveryCode)
        guard case .code(let groups) = model.state.recovery else { throw Missing("no code") }
        await model.handle(.recovery(.written))
        guard case .check(let group, false) = model.state.recovery else { throw Missing("no check") }
        await model.handle(.recovery(.typed("wrong")))
        #expect(model.state.recovery == .check(group: group, wrong: true) && model.state.paperIsUnchecked)
        await model.handle(.recovery(.typed(groups[group - 1])))
        #expect(model.state.recovery == nil && model.state.notice == .recoveryMade && !model.state.paperIsUnchecked)
        await model.handle(.checkRecoveryCode(groups.joined()))
        #expect(model.state.notice == .recoveryRight)
        await model.handle(.deviceLock(false))
        #expect(!model.state.ways.contains(.platform) && device.secrets.stored.value[.platformKey] == nil)
        await model.handle(.copyReport)
        let report = try #require(device.clipboard.copied.value?.text)
        #expect(report.contains("accounts: 1") && !report.contains("alice") && !report.contains("Example"))
    }
}
