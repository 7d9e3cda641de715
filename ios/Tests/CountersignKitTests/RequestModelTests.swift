import Countersign
import CountersignKit
import TestSupport
import Testing

/// Several requests at once: which one is on the screen, and that nothing of it goes to another.
@MainActor @Suite final class RequestModelTests: OpenAppSuite {
    func seen(_ account: String, _ request: String, endsIn seconds: Int64 = 60) -> SeenRequest {
        let wall = device.time.now().wall
        return SeenRequest(
            account: account,
            request: Request(
                id: request, application: "Mail", account: account, question: "", askedAt: wall,
                seenAt: nil, expiresAt: wall + seconds, answer: .number, takesDeclineReason: true, place: nil))
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

    @Test func theNewestStandsRightBehindTheOneOnTheScreen() async {
        let (first, old, new) = (seen("a", "1"), seen("a", "2"), seen("b", "3"))
        let model = model([first, old])
        await model.handle(.found([new, first, old]))
        #expect(model.state.waiting == [first, new, old])
        // What has ended elsewhere waits no longer.
        await model.handle(.found([new]))
        #expect(model.state.waiting == [first, new])
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
