import Countersign
import Foundation

/// How past sign-ins are told, on the screen and in a file.
extension Words {
    /// What was signed in to; nothing where it was a lock-out.
    public func title(of past: PastRequest) -> String? {
        past.standing == .lockedOut ? nil : application(past.application)
    }

    /// What is signed in to, as the server calls it; it need not call it anything.
    public func application(_ name: String) -> String { name.isBlank ? self("history.unnamed") : name }

    /// Why it ended so, for which account, and from where, as far as that is known.
    public func facts(of past: PastRequest) -> [String] {
        // Else its end says so.
        let saidNotMe = past.decline == .notMe && past.standing != .answered(result: .declined)
        let notMe = saidNotMe ? self("history.said_not_me") : nil
        return [past.reason.map(what), notMe, name(past.issuer, past.name), past.cameFrom]
            .compactMap { $0 }.filter { !$0.isEmpty }
    }

    /// What became of it.
    public func end(of past: PastRequest) -> String { self(past.endKey) }

    /// Past sign-ins as a text for people, such as those of a help desk: a paragraph each, with the reason by which
    /// Microsoft Entra's sign-in log would know it.
    public func file(of history: [PastRequest]) -> Data {
        let paragraphs = history.map { past in
            let entra = past.entraReason.map { self("history.entra", ["reason": $0]) }
            let answered = past.answeredAt.map { self("history.answered_at", ["time": time($0)]) }
            let head = [time(past.seenAt), title(of: past), end(of: past)]
            return (head + facts(of: past) + [answered, entra]).compactMap { $0 }.joined(separator: "\n")
        }
        return Data((paragraphs.joined(separator: "\n\n") + "\n").utf8)
    }
}

extension PastRequest {
    fileprivate var endKey: String {
        switch standing {
        case .waiting: "history.waiting"
        case .lockedOut: "history.locked_out"
        case .unanswered: "history.unanswered"
        case .answered(.approved): "history.approved"
        case .answered(.declined): declinedKey
        case .answered(.expired): "history.expired"
        case .answered(.answeredElsewhere): "history.elsewhere"
        // Nobody typed one.
        case .answered(.wrongAnswer) where reason == .responseRefused: "history.refused"
        case .answered(.wrongAnswer) where reason == .accountBlocked: "history.blocked"
        case .answered(.wrongAnswer): "history.wrong"
        case .answered(.unknown): "history.unknown"
        }
    }

    private var declinedKey: String {
        switch decline {
        case .notMe?: "history.not_me"
        case .cancelled?: "history.cancelled"
        case nil: "history.declined"
        }
    }
}
