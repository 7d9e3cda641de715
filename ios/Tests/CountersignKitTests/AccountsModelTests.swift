import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

@MainActor @Suite struct AccountsModelTests {
    let vault: TestVault
    let device = FakeDevice(time: FakeTime(now(wall: 1_000_000_000)))
    let model: AccountsModel

    init() async throws {
        vault = try TestVault()
        for name in ["alice", "bob", "carol"] { try vault.add(name) }
        model = AccountsModel(Phone(vault.core, device.platform(vault.path)))
        await model.handle(.load)
    }

    var ids: [String] { model.state.accounts.map(\.id) }

    @Test func codesAreAskedForWhenAPeriodBeginsAndForWhatIsShown() async {
        await model.handle(.appeared(ids[0]))
        let first = model.state.codes[ids[0]]
        #expect(first?.validUntil == 1_000_000_020 && model.state.codes[ids[1]] == nil)
        device.time.pass(ms: 19_000)
        let before = model.state
        await model.handle(.tick)
        #expect(model.state == before && model.wall == 1_000_000_019)
        device.time.pass(ms: 1000)
        await model.handle(.tick)
        #expect(model.state.codes[ids[0]]?.current == first?.next)
    }

    @Test func aTapCopiesForThirtySeconds() async {
        await model.handle(.appeared(ids[0]))
        await model.handle(.tap(ids[0]))
        #expect(device.clipboard.copied.value?.text == model.state.codes[ids[0]]?.current)
        #expect(device.clipboard.copied.value?.seconds == 30 && model.state.copied == ids[0])
    }

    @Test func aHiddenCodeIsShownBeforeItIsCopied() async {
        var preferences = Preferences()
        preferences.hidesCodes = true
        device.preferences.save(preferences)
        let model = AccountsModel(Phone(vault.core, device.platform(vault.path)))
        await model.handle(.load)
        await model.handle(.appeared(ids[0]))
        #expect(model.state.isHidden(ids[0]))
        await model.handle(.tap(ids[0]))
        #expect(!model.state.isHidden(ids[0]) && device.clipboard.copied.value == nil)
        await model.handle(.tap(ids[0]))
        #expect(device.clipboard.copied.value != nil)
        device.time.pass(ms: 29_000)
        await model.handle(.tick)
        #expect(!model.state.isHidden(ids[0]))
        device.time.pass(ms: 1_000)
        await model.handle(.tick)
        #expect(model.state.isHidden(ids[0]))
    }

    @Test func hidingCodesIsInForceWhenTheListIsSeenAgain() async {
        await SettingsModel(Phone(vault.core, device.platform(vault.path)), why: "").handle(.hideCodes(true))
        await model.handle(.load)
        #expect(model.state.isHidden(ids[0]))
    }

    @Test func searchFavouritesOrderAndTags() async {
        await model.handle(.search("bob"))
        #expect(model.state.accounts.map(\.name) == ["bob"])
        await model.handle(.search(""))
        await model.handle(.favourite(ids[2], true))
        #expect(model.state.accounts.map(\.name) == ["carol", "alice", "bob"])
        await model.handle(.move(ids[2], before: ids[1]))
        #expect(model.state.accounts.map(\.name) == ["carol", "bob", "alice"])
        await model.handle(.select(ids[0]))
        await model.handle(.tap(ids[1]))
        await model.handle(.tagSelected("work"))
        #expect(model.state.tags == ["work"] && model.state.selected == nil)
        await model.handle(.filter("work"))
        #expect(model.state.accounts.map(\.name) == ["carol", "bob"])
        for id in ids { await model.handle(.select(id)) }
        await model.handle(.favouriteSelected)
        #expect(model.state.accounts.allSatisfy(\.favourite) && model.state.selected == nil)
        for id in ids { await model.handle(.remove(id)) }
        #expect(model.state.tag == nil && model.state.accounts.map(\.name) == ["alice"])
    }

    @Test func anAccountMovesByOnePlaceAmongItsLike() async {
        let (alice, bob, carol) = (ids[0], ids[1], ids[2])
        #expect(!model.state.canShift(alice, by: -1) && !model.state.canShift(carol, by: 1))
        await model.handle(.shift(alice, by: 1))
        #expect(ids == [bob, alice, carol])
        await model.handle(.shift(carol, by: -1))
        #expect(ids == [bob, carol, alice])
        for favourite in [alice, carol] { await model.handle(.favourite(favourite, true)) }
        #expect(ids == [carol, alice, bob] && !model.state.canShift(bob, by: -1))
        #expect(!model.state.canShift(alice, by: 1))
        await model.handle(.shift(carol, by: 1))
        #expect(ids == [alice, carol, bob])
    }

    @Test func removedAccountsComeBack() async {
        await model.handle(.select(ids[0]))
        await model.handle(.select(ids[1]))
        await model.handle(.removeSelected)
        #expect(model.state.accounts.map(\.name) == ["carol"] && model.state.trashCount == 2)
        await model.handle(.undo)
        #expect(model.state.accounts.map(\.name) == ["alice", "bob", "carol"] && model.state.undo == [])
    }

    @Test func whatFailsIsSaid() async {
        await model.handle(.remove("nobody"))
        #expect(model.state.trouble == .reason(.noSuchAccount))
        vault.core.lock()
        await model.handle(.load)
        #expect(model.state.trouble == .reason(.locked))
    }

    @Test func aCodeByUseIsMadeWhenAskedFor() async throws {
        let link = scan("otpauth://hotp/c?secret=\(TestVault.secret)&counter=1")
        let id = try vault.core.add(scanned: link, now: device.time.now()).id
        await model.handle(.load)
        await model.handle(.appeared(id))
        #expect(model.state.codes[id] == nil)
        await model.handle(.nextCode(id))
        #expect(model.state.usedCodes[id] == "287082")
    }
}
