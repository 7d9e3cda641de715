import Countersign
import CountersignKit
import SwiftUI

/// An account that more sign-ins are asked of than one person begins, and how to hear nothing of them for a while.
struct FloodView: View {
    let flooded: Flooded
    let model: AccountsModel
    let words: Words

    private var flood: Flood { flooded.flood }
    private var name: String { words.name(flooded.summary) }

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            if let until = flood.quietUntil { quiet(until) } else { loud }
        }
        // One row of the list: else a tap on it is a tap on its button.
        .buttonStyle(.borderless)
    }

    @ViewBuilder private var loud: some View {
        Label(count, systemImage: "exclamationmark.triangle").font(.headline).foregroundStyle(Look.danger)
        Text(words("flood.next"))
        ActionButton(words("flood.be_quiet")) { await model.handle(.beQuiet(flood.account)) }
    }

    @ViewBuilder private func quiet(_ until: UnixTime) -> some View {
        Text(words("flood.quiet", ["account": name, "time": words.timeOfDay(until)])).font(.headline)
        Text(count)
        Text(words("flood.quiet.detail"))
        ActionButton(words("flood.quiet.end")) { await model.handle(.endQuiet(flood.account)) }
    }

    private var count: String {
        words(
            "flood.count", ["count": String(flood.requests), "minutes": String(flood.minutes), "account": name])
    }
}
