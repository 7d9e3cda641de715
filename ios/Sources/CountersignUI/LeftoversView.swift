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
        switch leftover {
        case .setUp(let issuer, let name): done("leftover.set_up", ["name": words.name(issuer, name)])
        case .answered: done("leftover.answered")
        case .keyRenewed: done("leftover.key_renewed")
        case .lockedOut: done("leftover.locked_out")
        case .stopped(let trouble):
            Warning(what: words("leftover.stopped", ["what": words.what(trouble)]), next: words.next(trouble))
        }
    }

    private func done(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> some View {
        Label(words(key, values), systemImage: "checkmark.circle")
    }
}
