import Countersign
import CountersignKit
import TestSupport
import Testing

/// Several requests at once: which one is on the screen, and that nothing of it goes to another.
@MainActor @Suite final class RequestModelTests: OpenAppSuite {
    func seen(
        _ account: String, _ request: String, endsIn seconds: Int64 = 60, _ answer: AnswerKind = .number
    ) -> SeenRequest {
        let wall = device.time.now().wall
        return SeenRequest(
            account: account,
            request: Request(
                id: request, application: "Mail", account: account, question: "", askedAt: wall,
                seenAt: nil, expiresAt: wall + seconds, answer: answer, takesDeclineReason: true, place: nil))
    }

    /// The same as another look sees it: from now on so many seconds are left.
    func again(_ seen: SeenRequest, endsIn seconds: Int64, _ answer: AnswerKind? = nil) -> SeenRequest {
        let request = seen.request
        return SeenRequest(
            account: seen.account,
            request: Request(
                id: request.id, application: request.application, account: request.account, question: "",
                askedAt: request.askedAt, seenAt: nil, expiresAt: device.time.now().wall + seconds,
                answer: answer ?? request.answer, takesDeclineReason: true, place: nil))
    }

    func model(_ waiting: [SeenRequest]) -> RequestModel { RequestModel(app.phone, waiting: waiting, why: "") }

    @Test func whatIsTypedForOneIsGoneWhenAnotherTakesItsPlace() async {
        let (first, second) = (seen("a", "1"), seen("b", "2"))
        let model = model([first, second])
        model.typed = "42"
        await model.handle(.show(second.key))
        #expect(model.state.current == second && model.state.others == [first] && model.typed == "")

        // The one on the screen ends while a number is typed, and the next one begins.
        model.typed = "42"
        device.time.pass(ms: 60_000)
        await model.handle(.found([seen("b", "3")]))
        await model.handle(.tick)
        guard case .ended(let answered) = model.state.stage else {
            Issue.record("\(model.state.stage)")
            return
        }
        #expect(answered.result == .expired && model.typed == "")
        await model.handle(.next)
        #expect(model.state.current?.request.id == "3" && model.typed == "")
    }

    @Test func oneIsToldFromAnotherByItsAccountToo() async {
        // Two servers may give the same id, and a scanned sign-in asks several accounts.
        let (first, second) = (seen("a", "1"), seen("b", "1"))
        let model = model([first, second])
        await model.handle(.show(second.key))
        #expect(model.state.current == second && model.state.others == [first])
    }

    @Test func theOthersStandTheNewestFirstWhicheverIsOnTheScreen() async {
        let (first, old, new) = (seen("a", "1"), seen("a", "2"), seen("b", "3"))
        let model = model([first, old])
        await model.handle(.found([new, first, old]))
        #expect(model.state.current == first && model.state.others == [new, old])
        await model.handle(.show(old.key))
        #expect(model.state.current == old && model.state.others == [new, first])
        await model.handle(.show(first.key))
        #expect(model.state.current == first && model.state.others == [new, old])
        // What has ended elsewhere waits no longer.
        await model.handle(.found([new]))
        #expect(model.state.current == first && model.state.others == [new])
    }

    @Test func afterOneTheNewestComes() async {
        let (new, middle, old) = (seen("a", "3"), seen("a", "2"), seen("a", "1", endsIn: 10))
        let model = model([new, middle, old])
        await model.handle(.show(old.key))
        device.time.pass(ms: 10_000)
        await model.handle(.tick)
        await model.handle(.next)
        #expect(model.state.current == new && model.state.others == [middle])
    }

    @Test func aTapApprovesNothingWhoseButtonsHaveJustMoved() async {
        let (first, new) = (seen("a", "1", .confirmation), seen("a", "2"))
        let model = model([first])
        device.time.pass(ms: 10_000)
        await model.handle(.found([new, first]))
        await model.handle(.yes(""))
        #expect(model.state.stage == .asking)
        device.time.pass(ms: 500)
        // The same once more moves nothing, also where its end is another.
        await model.handle(.found([again(new, endsIn: 90), again(first, endsIn: 90)]))
        await model.handle(.yes(""))
        #expect(model.state.stage != .asking)
    }

    @Test func whatWantsSomethingElseWithALookIsAsNewAsAtFirst() async {
        let first = seen("a", "1")
        let model = model([first])
        device.time.pass(ms: 10_000)
        model.typed = "42"
        await model.handle(.found([again(first, endsIn: 60)]))
        #expect(model.typed == "42")
        await model.handle(.found([again(first, endsIn: 60, .confirmation)]))
        #expect(model.typed == "")
        await model.handle(.yes(""))
        #expect(model.state.stage == .asking)
        device.time.pass(ms: 500)
        await model.handle(.yes(""))
        #expect(model.state.stage != .asking)
    }

    @Test func anEndThatMovesWithALookIsTheNewOne() async {
        let (first, other) = (seen("a", "1"), seen("a", "2"))
        let model = model([first, other])
        device.time.pass(ms: 30_000)
        let later = [again(first, endsIn: 90), again(other, endsIn: 90)]
        await model.handle(.found(later))
        device.time.pass(ms: 60_000)
        await model.handle(.tick)
        #expect(model.state.stage == .asking && model.state.waiting == later && model.secondsLeft(later[0]) == 30)
        await model.handle(.found([again(first, endsIn: 10), again(other, endsIn: 10)]))
        device.time.pass(ms: 10_000)
        await model.handle(.tick)
        guard case .ended(let answered) = model.state.stage else {
            Issue.record("\(model.state.stage)")
            return
        }
        #expect(answered.result == .expired && model.state.others == [])
    }

    @Test func aTapApprovesNothingWhoseButtonsMovedUpAsAnothersTimeEnded() async {
        let (first, short) = (seen("a", "1", .confirmation), seen("a", "2", endsIn: 10))
        let model = model([first, short])
        device.time.pass(ms: 10_000)
        await model.handle(.tick)
        await model.handle(.yes(""))
        #expect(model.state.stage == .asking && model.state.others == [])
        device.time.pass(ms: 500)
        // A tick without an end moves nothing.
        await model.handle(.tick)
        await model.handle(.yes(""))
        #expect(model.state.stage != .asking)
    }

    @Test func whatIsFoundDuringAScannedSignInIsNotAnsweredWithItsCode() async {
        let (first, second) = (seen("a", "1"), seen("b", "1"))
        let scanned = scan("tiqrauth://bob@tiqr.example/0a/0b")
        let model = RequestModel(app.phone, waiting: [first, second], why: "", scanned: scanned)
        await model.handle(.found([seen("c", "2"), seen("a", "3")]))
        #expect(model.state.waiting == [first, second])
    }

    @Test func othersWhoseTimeIsOverAreNotCounted() async {
        let (first, short, long) = (seen("a", "1"), seen("a", "2", endsIn: 10), seen("a", "3"))
        let model = model([first, short, long])
        device.time.pass(ms: 10_000)
        await model.handle(.tick)
        #expect(model.state.stage == .asking && model.state.waiting == [first, long])
    }
}
