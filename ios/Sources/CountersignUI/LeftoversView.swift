import CountersignKit
import SwiftUI

/// How it ended what was interrupted. It stays until it is read: nobody waited for it.
struct LeftoversView: View {
    let model: AccountsModel
    let words: Words

    var body: some View {
        let leftovers = model.state.leftovers
        if !leftovers.isEmpty {
            VStack(alignment: .leading, spacing: Look.spacing) {
                ForEach(leftovers.indices, id: \.self) { told(leftovers[$0]) }
                ActionButton(words("common.close")) { await model.handle(.leftoversRead) }
            }
        }
    }

    @ViewBuilder private func told(_ leftover: Leftover) -> some View {
        switch leftover.end {
        case .setUp(let issuer, let name): done(leftover, "leftover.set_up", ["name": words.name(issuer, name)])
        case .answered: done(leftover, "leftover.answered")
        case .answerStopped(let reason): stopped(leftover, "leftover.answer_stopped", .reason(reason))
        case .keyRenewed: done(leftover, "leftover.key_renewed")
        case .lockedOut: done(leftover, "leftover.locked_out")
        case .stopped(let trouble): stopped(leftover, "leftover.stopped", trouble)
        }
    }

    private func done(
        _ leftover: Leftover, _ key: String, _ values: KeyValuePairs<String, String> = [:]
    ) -> some View {
        Label(told(leftover, words(key, values)), systemImage: "checkmark.circle")
    }

    private func stopped(_ leftover: Leftover, _ key: String, _ trouble: Trouble) -> some View {
        Warning(what: told(leftover, words(key, ["what": words.what(trouble)])), next: words.next(trouble))
    }

    private func told(_ leftover: Leftover, _ end: String) -> String {
        leftover.account.map { words.name($0) + ": " + end } ?? end
    }
}
