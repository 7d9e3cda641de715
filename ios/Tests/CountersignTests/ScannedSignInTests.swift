import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Sign-ins whose code is scanned, against a small tiqr server.
@Suite struct ScannedSignInTests {
    let vault: TestVault
    let server = TiqrServer()
    let keys = SoftwareKeys()
    let account: String
    let scanned: Scanned

    init() async throws {
        vault = try TestVault()
        scanned = scan(server.signIn)
        let enrol = Job.enrol(
            scanned: scan(server.setUp), deviceLabel: "Test phone", deviceKind: "ios", allowPlainHttp: true)
        let ended = try await Self.runner(vault, keys).run(enrol, asking: Answers())
        account = try #require(ended.added)
    }

    static func runner(_ vault: TestVault, _ keys: SoftwareKeys) -> StepRunner {
        StepRunner(vault.core, Steps(sender: URLSessionSender(), keys: keys, time: SystemTime()))
    }

    func run(_ job: Job, _ person: Answers = Answers()) async throws -> Ended {
        try await Self.runner(vault, keys).run(job, asking: person)
    }

    @Test func approvedWithASecretThatIsNoDeviceKey() async throws {
        let approvals = try #require(try vault.core.details(id: account, now: now()).approvals)
        #expect(approvals.system == "tiqr" && !approvals.can.look && approvals.key == nil && keys.ids == [])
        let asked = try vault.core.scannedRequests(scanned: scanned, now: now())
        #expect(asked.map(\.account) == [account] && asked.first?.request.answer == .confirmation)
        let person = Answers()
        let ended = try await run(.approveScanned(account: account, scanned: scanned), person)
        #expect(ended.answered?.result == .approved)
        guard case .presence = await person.asked.last else {
            Issue.record("the person was not asked for")
            return
        }
    }

    @Test func declinedHereAloneAndForGood() async throws {
        let declined = try await run(.declineScanned(account: account, scanned: scanned, reason: DeclineReason.notMe))
        #expect(declined.answered?.result == .declined && declined.answered?.reason == .noDecline)
        #expect(try vault.core.history(now: now()).first?.decline == DeclineReason.notMe)
        let approved = try await run(.approveScanned(account: account, scanned: scanned))
        #expect(approved.outcome == .refused(reason: .requestEnded))
    }

    @Test func nothingToLookForAndNobodyElsesToAnswer() async throws {
        #expect(try await run(.check(account: account)).outcome == .refused(reason: .scanToAnswer))
        refused(.signInAccountUnknown) {
            _ = try vault.core.scannedRequests(scanned: scan("tiqrauth://bob@tiqr.example/0a/0b"), now: now())
        }
    }
}
