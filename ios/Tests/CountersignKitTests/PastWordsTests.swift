import Countersign
import CountersignKit
import Foundation
import Testing

/// The file that past sign-ins are saved as.
@Suite struct PastWordsTests {
    @Test(arguments: Language.allCases) func theFileSaysTheSameAndWhatEntraCallsIt(_ language: Language) {
        let words = Words(language)
        let declined = PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "7", application: "Mail", cameFrom: "Nagoya",
            seenAt: 1_795_512_612, answeredAt: 1_795_512_660, standing: .answered(result: .declined), reason: nil,
            decline: .notMe, entraReason: "user declined the authentication")
        let bare = PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "8", application: "", cameFrom: nil,
            seenAt: 1_795_512_612, answeredAt: nil, standing: .unanswered, reason: nil, decline: nil, entraReason: nil)
        let lockOut = PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "", application: "", cameFrom: nil,
            seenAt: 1_795_512_612, answeredAt: nil, standing: .lockedOut, reason: nil, decline: nil, entraReason: nil)
        let late = PastRequest(
            account: "1", issuer: "Contoso", name: "alice", request: "9", application: "Mail", cameFrom: nil,
            seenAt: 1_795_512_612, answeredAt: nil, standing: .answered(result: .answeredElsewhere), reason: nil,
            decline: .notMe, entraReason: nil)
        let lines = [
            words.time(declined.seenAt), "Mail", words("history.not_me"), words.name("Contoso", "alice"), "Nagoya",
            words("history.answered_at", ["time": words.time(1_795_512_660)]),
            words("history.entra", ["reason": "user declined the authentication"]), "",
            words.time(bare.seenAt), words("history.unnamed"), words("history.unanswered"),
            words.name("Contoso", "alice"), "",
            words.time(lockOut.seenAt), words("history.locked_out"), words.name("Contoso", "alice"), "",
            words.time(late.seenAt), "Mail", words("history.elsewhere"), words("history.said_not_me"),
            words.name("Contoso", "alice"), "",
        ]
        let file = String(decoding: words.file(of: [declined, bare, lockOut, late]), as: UTF8.self)
        #expect(file == lines.joined(separator: "\n"))
    }
}
