import Countersign
import CountersignKit
import Foundation
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// What the screens show and what VoiceOver speaks.
@MainActor @Suite struct ViewTests {
    let vault: TestVault
    let device = FakeDevice(time: FakeTime(now(wall: 1_000_000_005)))
    let app: OpenApp
    let words = Words(.english)

    init() throws {
        vault = try TestVault()
        app = OpenApp(Phone(vault.core, device.platform(vault.path)))
    }

    func accounts() -> AccountsView { AccountsView(app: app, words: words) {} }

    @Test func anEmptyListSaysHowToBegin() {
        let texts = _texts(accounts())
        #expect(texts.contains("No accounts yet") && texts.contains("Add account"))
    }

    @Test func whatWasInterruptedIsToldAlsoWhereThereIsNoAccount() async throws {
        let other = try TestVault()
        let bob = try other.core.summary(id: other.add("bob"), now: now())
        let answer = Leftover(.answerStopped(.resultUnknown), of: bob)
        let ends = [Leftover(.setUp(issuer: "Contoso", name: "alice")), answer, Leftover(.lockedOut, of: bob)]
        for end in ends + [Leftover(.stopped(.reason(.noNetwork)))] { await app.accounts.handle(.ended(end)) }
        for _ in 0..<2 {
            let texts = _texts(accounts())
            #expect(texts.contains("A set-up that was interrupted has been finished: Contoso, alice"))
            let stopped = "An answer that was interrupted: " + words.what(Reason.resultUnknown)
            #expect(texts.contains(words.name(bob) + ": " + stopped))
            #expect(texts.contains(words.next(Reason.resultUnknown)))
            #expect(texts.contains(words.name(bob) + ": " + words("leftover.locked_out")))
            #expect(texts.contains(words("leftover.stopped", ["what": words.what(Reason.noNetwork)])))
            try vault.add("alice")
            await app.accounts.handle(.load)
        }
        await app.accounts.handle(.leftoversRead)
        #expect(!_texts(accounts()).contains { $0.contains("interrupted") })
    }

    @Test func aClockThatIsUsedCanBeLeftAlsoWhereThereAreNoCodes() async throws {
        let phone = try await PhoneAtSite()
        let id = try await phone.setUp()
        let words = Words(.english)
        let model = ClocksModel(Phone(phone.core, FakeDevice().platform(phone.vault.path)))
        await model.handle(.load)
        for used in [true, false] {
            #expect(_texts(ClocksView(model: model, words: words)).contains(words("clock.use")) == !used)
            await model.handle(.use(account: id, used))
            #expect(model.state.clocks.map(\.hasCodes) == [false])
        }
    }

    @Test func aRowShowsTheCodeInHalvesAndSpeaksItsDigits() async throws {
        let id = try vault.add("alice")
        await app.accounts.handle(.load)
        await app.accounts.handle(.appeared(id))
        let code = try #require(app.accounts.state.codes[id]?.current)
        #expect(_texts(accounts()).contains(code.halved) && !_texts(accounts()).contains(code))
        let spoken = _texts(accounts(), .spoken)
        #expect(spoken.contains("Example, alice"))
        #expect(spoken.contains("Code \(code.spelled), 15 seconds left"))
        #expect(!spoken.contains { $0.contains(code) })
    }

    @Test func whatARowIsTappedOrDraggedForVoiceOverOffersToo() async throws {
        _ = try vault.core.add(scanned: scan("otpauth://hotp/carol?secret=\(TestVault.secret)"), now: now())
        try vault.add("alice")
        await app.accounts.handle(.load)
        // Before a code is there, nobody can tell what makes it.
        #expect(!_texts(accounts()).contains { $0.hasPrefix("Next code") })
        for account in app.accounts.state.accounts { await app.accounts.handle(.appeared(account.id)) }
        #expect(_texts(accounts()).contains("Next code of carol"))
        await app.accounts.handle(.select(app.accounts.state.accounts[0].id))
        #expect(_texts(accounts()).contains(words("accounts.favourite")))
        await app.accounts.handle(.endSelecting)
        let spoken = _texts(accounts(), .spoken)
        for action in ["Next code of carol", "Add to favourites", "Select", "Move up", "Move down"] {
            #expect(spoken.contains(action), "\(action)")
        }
        #expect(spoken.filter { $0 == "Move up" }.count == 1 && !spoken.contains("Next code of alice"))
    }

    @Test func theTagThatNarrowsTheListIsSeenAsChosen() async throws {
        let id = try vault.add("alice")
        try vault.core.setTags(id: id, tags: ["private", "work"], now: now())
        await app.accounts.handle(.load)
        #expect(_texts(accounts()).filter { ["private", "work"].contains($0) } == ["private", "work"])
        #expect(!_texts(accounts(), .spoken).contains("selected"))
        await app.accounts.handle(.filter("work"))
        let spoken = _texts(accounts(), .spoken)
        #expect(spoken.firstIndex(of: "selected") == spoken.firstIndex(of: "work").map { $0 + 1 })
    }

    @Test func theNextCodeIsShownNearTheEndOnly() async throws {
        let id = try vault.add("alice")
        await app.accounts.handle(.load)
        await app.accounts.handle(.appeared(id))
        let next = app.accounts.state.codes[id]!.next.halved
        for (passed, isShown) in [(6, false), (1, true)] {
            device.time.pass(ms: UInt64(passed) * 1000)
            await app.accounts.handle(.tick)
            #expect(_texts(accounts()).contains(next) == isShown)
        }
        let ring = repository + "/android/ui/src/main/kotlin/org/countersign/ui/parts/Ring.kt"
        #expect(try String(contentsOfFile: ring, encoding: .utf8).contains("const val ENDING = \(Look.nearEnd)\n"))
    }

    @Test func aHiddenCodeIsNeitherShownNorSpoken() async throws {
        let id = try vault.add("alice")
        var preferences = Preferences()
        preferences.hidesCodes = true
        device.preferences.save(preferences)
        let app = OpenApp(Phone(vault.core, device.platform(vault.path)))
        await app.accounts.handle(.load)
        await app.accounts.handle(.appeared(id))
        let codes = try #require(app.accounts.state.codes[id])
        let view = AccountsView(app: app, words: words) {}
        for texts in [_texts(view), _texts(view, .spoken)] {
            #expect(texts.contains { $0.contains("Code hidden") })
            for code in [codes.current, codes.next] {
                #expect(!texts.contains { $0.contains(code) || $0.contains(code.spelled) || $0.contains(code.halved) })
            }
            #expect(!texts.contains { $0.contains("seconds left") })
        }
    }

    @Test func aRequestAsksForTheNumberWithWhoWhereAndHowLong() async {
        let model = request(.number)
        let texts = _texts(RequestView(model: model, app: app, words: words))
        for text in ["New sign-in request", "Mail", "Nagoya", "Enter the number shown to sign in", "Enter number here"]
        {
            #expect(texts.contains(text), "\(text)")
        }
        #expect(texts.contains("Yes") && texts.contains("No, it's not me"))
        #expect(_texts(RequestView(model: model, app: app, words: words), .spoken).contains("55 seconds left"))
    }

    @Test func lettersPinChoiceAndConfirmationAreAskedForAsWhatTheyAre() {
        let asked: [(AnswerKind, String)] = [
            (.text, "Enter letters here"), (.pin(length: 4), "PIN of 4 characters"),
            (.choice(words: ["apple", "pear"]), "pear"), (.confirmation, "Are you signing in?"),
        ]
        for (kind, text) in asked {
            #expect(_texts(RequestView(model: request(kind), app: app, words: words)).contains(text), "\(kind)")
        }
    }

    @Test func whatCannotBeAskedForCanOnlyBeDeclined() {
        let view = RequestView(model: request(.unsupported(reason: .answerKindUnsupported)), app: app, words: words)
        let texts = _texts(view)
        #expect(texts.contains(words("request.unsupported")) && texts.contains(words("request.not_me")))
        #expect(!texts.contains(words("request.yes")))
    }

    @Test func anExpiredRequestSaysWhatToDo() async {
        let model = request(.number)
        device.time.pass(ms: 60_000)
        await model.handle(.tick)
        let texts = _texts(RequestView(model: model, app: app, words: words))
        let next = "If it is yours, start it again on the page. If not, change your password now."
        #expect(texts.contains("Time is over") && texts.contains(next))
        #expect(!texts.contains("Yes"))
    }

    @Test func aSecretThatTheServerRefusesIsNotTriedAgain() {
        func texts(_ reason: Reason, _ beforeBlock: UInt32?) -> [String] {
            let answered = Answered(
                request: "1", result: .wrongAnswer, reason: reason, triesLeft: nil, beforeBlock: beforeBlock,
                displayCode: nil)
            return _texts(RequestEnd(model: request(.confirmation), answered: answered, words: words) {})
        }
        let refused = texts(.responseRefused, 1)
        #expect(refused.contains(words.next(Reason.responseRefused)) && !refused.contains(words("request.wrong.body")))
        #expect(refused.contains("After 1 more wrong answer the server blocks the account."))
        #expect(texts(.accountBlocked, 0).contains(words.what(Reason.accountBlocked)))
        let wrong = texts(.wrongNumber, nil)
        #expect(wrong.contains(words("request.wrong.body")) && !wrong.contains(words.what(Reason.wrongNumber)))
    }

    @Test func thatItWasSomebodyElseIsSaidToBeKnownOnlyWhereTheServerIsTold() async {
        for (isTold, said) in [(true, "request.not_me.body"), (false, "request.not_me.untold")] {
            let model = request(.number, takesReason: isTold)
            await model.handle(.notMe)
            let answered = Answered(
                request: "1", result: .declined, reason: nil, triesLeft: nil, beforeBlock: nil, displayCode: nil)
            let texts = _texts(RequestEnd(model: model, answered: answered, words: words) {})
            #expect(texts.filter { $0.hasPrefix("The sign-in was stopped") } == [words(said)])
            #expect(texts.contains(words("advice.password")))
        }
    }

    @Test func whatComesDuringAnAnswerStandsBehindIt() async throws {
        let model = request(.number)
        let first = try #require(model.state.current)
        let later = Request(
            id: "2", application: "Files", account: "alice", question: "", askedAt: nil,
            seenAt: nil, expiresAt: first.request.expiresAt, answer: .number, takesDeclineReason: true, place: nil)
        await model.handle(.found([SeenRequest(account: "1", request: later), first]))
        #expect(model.state.current == first && model.state.waiting.count == 2)
        let texts = _texts(RequestView(model: model, app: app, words: words))
        #expect(texts.contains(words("requests.several")) && texts.contains("Files, alice, Place not known"))
    }

    @Test(arguments: [(Language.english, "5 s ago", "2 min ago"), (.japanese, "5 秒前", "2 分前")])
    func eachOfSeveralIsToldWithItsAccountPlaceAndAge(_ language: Language, _ soon: String, _ late: String) async throws
    {
        let words = Words(language)
        let bob = try vault.add("bob")
        let first = try #require(request(.number).state.current)
        let second = SeenRequest(account: bob, request: first.request)
        let model = RequestModel(app.phone, waiting: [first, second], why: "")
        await model.handle(.load)
        let texts = _texts(RequestView(model: model, app: app, words: words))
        let name = words.name(try vault.core.summary(id: bob, now: now()))
        #expect(texts.contains(words.listed(["Mail", name, "Nagoya", soon])))
        let asked = try #require(first.request.askedAt)
        #expect(texts.contains(words.listed([words.timeOfDay(asked), soon])))
        device.time.pass(ms: 119_000)
        await model.handle(.tick)
        #expect(words.told(second, by: model) == words.listed(["Mail", name, "Nagoya", late]))
    }

    @Test(arguments: Language.allCases, ["", " "])
    func whatTheServerDoesNotNameIsCalledASignInAndLeavesNoGap(_ language: Language, _ blank: String) throws {
        let words = Words(language)
        let first = try #require(request(.number, application: blank).state.current)
        let second = SeenRequest(account: "2", request: first.request)
        let nobodys = try #require(request(.number, application: blank, account: blank).state.current)
        let third = SeenRequest(account: "3", request: nobodys.request)
        let model = RequestModel(app.phone, waiting: [first, second, third], why: "")
        let texts = _texts(RequestView(model: model, app: app, words: words))
        let (unnamed, soon) = (words("history.unnamed"), words("ago.seconds", ["count": "5"]))
        #expect(texts.contains(unnamed) && texts.contains(words("request.who")))
        #expect(texts.contains(words.listed([unnamed, "alice", "Nagoya", soon])))
        #expect(texts.contains(words.listed([unnamed, "Nagoya", soon])))
        let own = RequestModel(app.phone, waiting: [nobodys], why: "")
        #expect(!_texts(RequestView(model: own, app: app, words: words)).contains(words("request.who")))
    }

    @Test func whoseTimeIsOverIsNotAmongSeveralAnyMore() async throws {
        let long = try #require(request(.number).state.current)
        let wall = device.time.now().wall
        let short = SeenRequest(
            account: "2",
            request: Request(
                id: "2", application: "Files", account: "bob", question: "", askedAt: wall - 50, seenAt: nil,
                expiresAt: wall + 10, answer: .number, takesDeclineReason: true, place: nil))
        let model = RequestModel(app.phone, waiting: [long, short], why: "")
        func texts() -> [String] { _texts(RequestView(model: model, app: app, words: words)) }
        device.time.pass(ms: 9_000)
        await model.handle(.tick)
        #expect(texts().contains("Files, bob, Place not known, 59 s ago"))
        device.time.pass(ms: 1_000)
        await model.handle(.tick)
        #expect(!texts().contains { $0.contains("Files") } && !texts().contains(words("requests.several")))
        #expect(texts().contains("Mail"))
    }

    @Test(arguments: [
        (Language.english, "seen 5 s ago", "about 55 seconds left"), (.japanese, "5 秒前に確認", "残り約 55 秒"),
    ])
    func whereTheServerTellsNoTimeNoneIsMadeUp(_ language: Language, _ age: String, _ left: String) async throws {
        let words = Words(language)
        let first = try #require(request(.number, tellsTime: false).state.current)
        let second = SeenRequest(account: "2", request: first.request)
        let model = RequestModel(app.phone, waiting: [first, second], why: "")
        let view = RequestView(model: model, app: app, words: words)
        let texts = _texts(view)
        #expect(texts.contains(words.listed([age, left])))
        #expect(texts.contains(words.listed(["Mail", "alice", "Nagoya", age])))
        let spoken = _texts(view, .spoken)
        #expect(spoken.contains(left) && !spoken.contains(words.counted("seconds.left", 55)))
    }

    @Test func whatIsNotKnownIsLookedForAndNotTriedAgain() async throws {
        let answering = request(.confirmation)
        let model = RequestModel(app.phone, waiting: [], why: "")
        let texts = _texts(RequestView(model: model, app: app, words: words))
        #expect(texts.contains(words("requests.none")) && texts.contains(words("requests.look")))
        await answering.handle(.notMe)
        // Its account is not there: nothing was sent, and what to do now is said all the same.
        let failed = _texts(RequestView(model: answering, app: app, words: words))
        #expect(failed.contains(words("common.try_again")) && failed.contains(words("advice.password")))
    }

    @Test func whatTheSystemRefusesIsAllowedInItsSettings() async throws {
        device.notifications.allowed.value = false
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.load)
        #expect(!settings.state.notificationsRefused)
        await settings.handle(.allowNotifications)
        #expect(settings.state.notificationsRefused && !settings.state.notificationsAllowed)
        let shown = { _texts(SettingsView(model: settings, words: self.words) { _ in }) }
        #expect(shown().contains(words("background.notifications.fix")))
        device.notifications.allowed.value = true
        await settings.seenAgain()
        #expect(!shown().contains(words("background.notifications.fix")))
        #expect(shown().contains(words("background.no_push")))
    }

    @Test func onTheSamePhoneNothingCoversTheNumber() {
        let seen = request(.number).state.waiting
        let model = RequestModel(app.phone, waiting: seen, why: "", isSamePhone: true)
        #expect(_texts(RequestView(model: model, app: app, words: words)).contains(words("requests.same_phone")))
    }

    @Test func aForeignCodeIsNamedWithItsNextStep() async {
        let add = AddModel(app.phone)
        await add.handle(.text(PickedContent("phonefactor://a?code=1&url=https%3A%2F%2Fb.example")))
        let texts = _texts(AddView(model: add, app: app, words: words))
        #expect(texts.contains(words.what(Reason.microsoftPush)) && texts.contains(words.next(Reason.microsoftPush)))
        #expect(texts.contains("The code points to b.example."))
    }

    @Test func everyWayOfAddingHasItsPage() async {
        let add = AddModel(app.phone)
        #expect(_texts(AddView(model: add, app: app, words: words)).contains("Work or school account"))
        await add.handle(.kind(.other))
        #expect(_texts(AddView(model: add, app: app, words: words)).contains("Scan QR code"))
        for (way, text) in [(AddWay.paste, "Paste from clipboard"), (.type, "Key"), (.picture, "From a picture")] {
            await add.handle(.way(way))
            #expect(_texts(AddView(model: add, app: app, words: words)).contains(text))
        }
        let refused = FakeCamera(.refused)
        let other = AddModel(Phone(vault.core, device.platform(vault.path, camera: refused)))
        await other.handle(.way(.scan))
        let texts = _texts(AddView(model: other, app: app, words: words))
        #expect(texts.contains("The app may not use the camera.") && texts.contains("Add it another way"))
    }

    @Test func anAddedAccountIsTriedOut() async throws {
        let add = AddModel(app.phone)
        await add.handle(.text(PickedContent("otpauth://totp/A:b?secret=\(TestVault.secret)&issuer=A")))
        #expect(_texts(AddView(model: add, app: app, words: words)).contains("Add this account?"))
        await add.handle(.add)
        #expect(_texts(AddView(model: add, app: app, words: words)).contains("Let's try it out"))
        guard case .added(let added) = add.state.stage else {
            Issue.record("not added")
            return
        }
        let first = try #require(added.codes)
        for (passed, code) in [(14, first.current), (1, first.next)] {
            device.time.pass(ms: UInt64(passed) * 1000)
            await add.handle(.tick)
            let texts = _texts(AddView(model: add, app: app, words: words))
            #expect(texts.filter { [first.current.halved, first.next.halved].contains($0) } == [code.halved])
        }
    }

    @Test func aRecoveryCodeIsSpokenLetterByLetter() async {
        let groups = ["AB2C", "DE3F"]
        let view = RecoveryCodeView(groups: groups, words: words) {}
        #expect(_texts(view).contains("AB2C"))
        #expect(_texts(view, .spoken).contains("Group 1: A B 2 C"))
    }

    @Test func accountTrashAndSettings() async throws {
        let id = try vault.add("alice")
        let account = AccountModel(app.phone, id: id, why: "")
        await account.handle(.load)
        let texts = _texts(AccountView(model: account, accounts: app.accounts, words: words))
        #expect(texts.contains("6 digits, new every 30 seconds") && !texts.contains("Sign-in approval"))
        let asked = _texts(AccountView(model: account, accounts: app.accounts, words: words), .opened)
        #expect(asked.contains(words("account.remove.trash") + "\n\n" + words("account.remove.server")))
        await account.handle(.remove)
        let trash = TrashModel(app.phone)
        await trash.handle(.load)
        let inTrash = _texts(TrashView(model: trash, accounts: app.accounts, words: words))
        #expect(inTrash.contains("Put back Example, alice"))
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.load)
        let set = _texts(SettingsView(model: settings, words: words) { _ in })
        #expect(set.contains(words("backup.detail")) && set.contains("Import accounts"))
        #expect(set.contains("There is one.") && set.contains { $0.contains("accounts: 0") })
    }

    @Test func howTheClockStandsToTheServers() async throws {
        let told: [(secondsAhead: Int64?, text: String)] = [
            (nil, "Not known"), (1, "Right"), (-1, "Right"), (90, "90 s ahead of the servers"),
            (-90, "90 s behind the servers"),
        ]
        for (secondsAhead, text) in told {
            #expect(SettingsView.clock(secondsAhead, words).hasPrefix(text))
        }
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.load)
        let shown = _texts(SettingsView(model: settings, words: words) { _ in })
        #expect(shown.contains { $0.hasPrefix("Not known") } && shown.contains { $0.contains("clock: not known") })
    }

    @Test func tooManySignInsAreCountedAndTheAccountCanBeSilenced() throws {
        let summary = try vault.core.summary(id: vault.add("alice"), now: now())
        func texts(quietUntil: UnixTime?) -> [String] {
            let flood = Flood(account: summary.id, requests: 7, minutes: 10, quietUntil: quietUntil)
            return _texts(
                FloodView(flooded: Flooded(summary: summary, flood: flood), model: app.accounts, words: words))
        }
        let loud = texts(quietUntil: nil)
        #expect(loud.contains("7 sign-ins in 10 minutes: Example, alice") && loud.contains(words("flood.next")))
        #expect(loud.contains(words("flood.be_quiet")))
        let quiet = texts(quietUntil: device.time.now().wall + 3_600)
        #expect(quiet.contains { $0.hasPrefix("Quiet until ") } && quiet.contains(words("flood.quiet.end")))
        #expect(!quiet.contains(words("flood.next")))
    }

    @Test func whatACheckHasFoundIsSaidWithItsFigures() {
        let checks: [(Check, [String])] = [
            (Check(kind: .key, reason: nil, works: true, figure: nil), ["Device key", "In order"]),
            (
                Check(kind: .clock, reason: .clockDiffers, works: false, figure: -74),
                ["Clock", "74 s ahead of the server's", words.what(Reason.clockDiffers)]
            ),
            (
                Check(kind: .requests, reason: nil, works: true, figure: 2),
                ["Sign-ins that wait", words.counted("accounts.waiting", 2)]
            ),
            (
                Check(kind: .requests, reason: .nothingWaits, works: true, figure: 0),
                ["Sign-ins that wait", "No sign-in is waiting.", words.next(Reason.nothingWaits)]
            ),
            (
                Check(kind: .otherPhone, reason: .maybeOnOtherPhone, works: nil, figure: nil),
                ["Another phone", "Not known", words.next(Reason.maybeOnOtherPhone)]
            ),
        ]
        for (check, said) in checks {
            let texts = _texts(CheckView(check: check, words: words))
            for text in said { #expect(texts.contains(text), "\(text): \(texts)") }
        }
    }

    @Test func theAppAsAWhole() async throws {
        let model = AppModel(device.platform(vault.folder.appendingPathComponent("new.db").path))
        await model.handle(.start)
        #expect(_texts(AppView(model)).contains(model.words("first_run.what")))
        guard case .firstRun(let first) = model.screen else {
            Issue.record("no first run")
            return
        }
        await first.handle(.choosePassword)
        #expect(_texts(AppView(model)).contains("Back"))
        await first.handle(.back)
        #expect(first.state.page == .lock)
        let locked = AppModel(device.platform(vault.path))
        await locked.handle(.start)
        #expect(_texts(AppView(locked)).contains(locked.words("unlock.title")))
    }

    @Test func aWrongPinIsNotLookedForOnAPage() {
        func texts(_ kind: AnswerKind, _ triesLeft: UInt32) -> [String] {
            _texts(Missed(request: request(kind).state.current!.request, triesLeft: triesLeft, words: words))
        }
        #expect(texts(.number, 2) == [words("request.missed"), words("request.missed.next")])
        #expect(texts(.pin(length: 4), 2) == [words("request.missed_pin"), words("request.missed_pin.next")])
        #expect(texts(.pin(length: 4), 1) == [words("request.missed_pin"), words("request.missed.last")])
    }

    @Test func everyScreenIsInJapaneseToo() async throws {
        let japanese = Words(.japanese)
        let texts = _texts(RequestView(model: request(.number), app: app, words: japanese))
        #expect(texts.contains("はい") && texts.contains("いいえ、自分ではありません") && !texts.contains("Yes"))
    }

    @Test func coloursCanBeReadOnLightAndOnDarkGround() {
        func luminance(_ color: Color) -> Double {
            let parts = color._components.map { $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        func contrast(_ a: Color, _ b: Color) -> Double {
            let (a, b) = (luminance(a), luminance(b))
            return (max(a, b) + 0.05) / (min(a, b) + 0.05)
        }
        // The system's grounds: of pages, of lists, and of rows in them.
        let grounds = [Shade(light: 0xFFFFFF, dark: 0x000000), Shade(light: 0xF2F2F7, dark: 0x1C1C1E)]
        let pairs = [Look.accentShade, Look.dangerShade].flatMap { shade in grounds.map { (shade, $0) } }
        for (shade, ground) in pairs + [(Look.onAccentShade, Look.accentShade)] {
            // WCAG 2, success criterion 1.4.3.
            #expect(contrast(shade.light, ground.light) >= 4.5 && contrast(shade.dark, ground.dark) >= 4.5)
        }
        #expect(Look.touch >= 44)
    }

    private func request(
        _ kind: AnswerKind, application: String = "Mail", account: String = "alice", takesReason: Bool = true,
        tellsTime: Bool = true
    ) -> RequestModel {
        let wall = device.time.now().wall
        let request = Request(
            id: "1", application: application, account: account, question: "", askedAt: tellsTime ? wall - 5 : nil,
            seenAt: tellsTime ? nil : wall - 5, expiresAt: wall + 55, answer: kind,
            takesDeclineReason: takesReason, place: "Nagoya")
        return RequestModel(app.phone, waiting: [SeenRequest(account: "1", request: request)], why: "")
    }
}
