import Countersign
import CountersignKit
import SwiftUI
import TestSupport
import Testing

@testable import CountersignUI

/// What the room of past sign-ins shows and what VoiceOver speaks there.
@MainActor @Suite struct HistoryTests {
    private func past(
        _ standing: PastStanding, _ decline: DeclineReason? = nil, reason: Reason? = nil, application: String = "Mail",
        cameFrom: String? = "Nagoya"
    ) -> PastRequest {
        PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "7", application: application, cameFrom: cameFrom,
            seenAt: 1_795_512_612, answeredAt: nil, standing: standing, reason: reason, decline: decline,
            entraReason: nil)
    }

    @Test func eachRowSaysWhatBecameOfIt() {
        let ends: [(PastRequest, english: String, japanese: String)] = [
            (past(.waiting), "Waiting", "応答待ち"),
            (past(.unanswered), "Not answered on this phone", "この電話では応答なし"),
            (past(.answered(result: .approved)), "Approved", "承認"),
            (past(.answered(result: .declined)), "Declined", "拒否"),
            (past(.answered(result: .declined), .notMe), "Declined: not me", "拒否: 自分ではない"),
            (past(.answered(result: .declined), .cancelled), "Declined: cancelled", "拒否: 取りやめ"),
            (past(.answered(result: .expired)), "Expired", "期限切れ"),
            (past(.answered(result: .answeredElsewhere)), "No longer waiting", "待機終了"),
            (past(.answered(result: .wrongAnswer)), "Wrong answer", "答えの間違い"),
            (past(.answered(result: .unknown)), "Not known", "不明"),
        ]
        for (past, english, japanese) in ends {
            for (language, end, account) in [
                (Language.english, english, "Contoso, alice"), (.japanese, japanese, "Contoso、alice"),
            ] {
                let words = Words(language)
                let row = PastRow(past: past, words: words)
                let expected = ["Mail", end, account, "Nagoya", words.time(past.seenAt)]
                #expect(_texts(row) == expected && _texts(row, .spoken) == expected)
            }
        }
    }

    @Test func whatTheServerDidNotSayIsLeftOutAndTheReasonIsTold() {
        let words = Words(.english)
        let bare = past(.answered(result: .wrongAnswer), reason: .wrongNumber, application: "", cameFrom: nil)
        let expected = [
            "Sign-in", "Wrong answer", words.what(Reason.wrongNumber), "Contoso, alice", words.time(bare.seenAt),
        ]
        #expect(_texts(PastRow(past: bare, words: words)) == expected)
    }

    @Test func whereNobodyTypedAnythingNoAnswerWasWrong() {
        for (reason, english, japanese) in [
            (Reason.responseRefused, "Answer refused by the server", "サーバーが応答を拒否"),
            (.accountBlocked, "Account blocked by the server", "サーバーがアカウントをブロック"),
        ] {
            let refused = past(.answered(result: .wrongAnswer), reason: reason)
            for (language, end) in [(Language.english, english), (.japanese, japanese)] {
                #expect(_texts(PastRow(past: refused, words: Words(language))).dropFirst().first == end)
            }
        }
    }

    @Test func anAnswerThatNobodyTookIsToldWhileItWaitsAndAfterThat() async throws {
        let phone = try await PhoneAtSite()
        let device = FakeDevice(keys: phone.keys)
        let (id, words) = (try await phone.setUp(), Words(.english))
        let request = try #require(await phone.requests(id).first)
        device.network.isOn.value = false
        let shell = Phone(phone.core, device.platform(phone.vault.path))
        _ = try await shell.run(.decline(account: id, request: request.id, reason: .notMe))
        for end in ["history.waiting", "history.elsewhere"] {
            let past = try #require(phone.core.history(now: device.time.now()).first)
            let texts = _texts(PastRow(past: past, words: words))
            #expect(texts[1...3] == [words(end), words.what(Reason.noNetwork), words("history.said_not_me")])
            device.time.pass(ms: 300_000)
        }
    }

    @Test func aLockOutIsToldAsOne() {
        let lockOut = PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "", application: "", cameFrom: nil,
            seenAt: 1_795_512_612, answeredAt: nil, standing: .lockedOut, reason: nil, decline: nil, entraReason: nil)
        for (language, said) in [
            (Language.english, "You locked this account at its server"),
            (.japanese, "このアカウントをサーバーでロックしました"),
        ] {
            let words = Words(language)
            let (account, time) = (words.name("Contoso", "alice"), words.time(lockOut.seenAt))
            #expect(_texts(PastRow(past: lockOut, words: words)) == [said, account, time])
        }
    }

    @Test func theRoomIsReachedFromSettingsAndFromAnAccountThatApproves() async throws {
        let phone = try await PhoneAtSite()
        let id = try await phone.setUp()
        let app = OpenApp(Phone(phone.core, FakeDevice().platform(phone.vault.path)))
        let words = Words(.english)
        let settings = SettingsModel(app.phone, why: "")
        #expect(_texts(SettingsView(model: settings, words: words) { _ in }).contains("Past sign-ins"))
        func account(_ id: String) async -> [String] {
            let model = AccountModel(app.phone, id: id, why: "")
            await model.handle(.load)
            return _texts(AccountView(model: model, accounts: app.accounts, words: words))
        }
        #expect(await account(id).contains("Past sign-ins"))
        #expect(await !account(try phone.vault.add("bob")).contains("Past sign-ins"))
    }

    @Test func itIsEmptyThenFullThenClearedAfterAQuestion() async throws {
        let phone = try await PhoneAtSite()
        let id = try await phone.setUp()
        let shell = Phone(phone.core, FakeDevice().platform(phone.vault.path))
        for language in Language.allCases {
            let words = Words(language)
            let model = HistoryModel(shell)
            func texts() -> [String] { _texts(HistoryView(model: model, words: words)) }
            await model.handle(.load)
            #expect(texts() == [words("history.title"), words("history.empty")])
            _ = try await phone.requests(id)
            await model.handle(.load)
            #expect(texts().contains(words("history.body")) && texts().contains(words("history.waiting")))
            #expect(texts().contains(words("history.clear")) && !texts().contains(words("history.clear.body")))
            #expect(texts().contains(words("history.save")) && texts().contains(words("history.save.detail")))
            let own = HistoryModel(shell, of: try phone.core.summary(id: id, now: now()))
            await own.handle(.load)
            let ofOne = _texts(HistoryView(model: own, words: words))
            #expect(!ofOne.contains(words("history.clear")) && ofOne.contains(words("history.waiting")))
            await model.handle(.clear)
            #expect(texts().contains(words("history.clear.body")) && texts().contains(words("history.clear.do")))
            await model.handle(.confirmClear(true))
            #expect(texts() == [words("history.title"), words("history.empty")])
        }
    }
}
