import Countersign
import CountersignKit
import SwiftUI

/// Each server's clock, and whether codes are made by it.
struct ClocksView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: ClocksModel
    let words: Words

    var body: some View {
        Form {
            if model.state.isLoaded { Text(words(model.state.clocks.isEmpty ? "clock.none" : "clock.body")) }
            TroubleView(trouble: model.state.trouble, words: words)
            ForEach(model.state.clocks, id: \.summary.id) { clock in
                Section(words.name(clock.summary)) { page(clock) }
            }
        }
        .navigationTitle(words("clock.title"))
        .task { await model.handle(.load) }
    }

    @ViewBuilder private func page(_ clock: AccountClock) -> some View {
        Text(clock.clock.origin).monospaced()
        Text(words.stands(clock.secondsAhead))
        Text(words("clock.measured", ["time": words.time(clock.clock.measuredAt)]))
            .font(.footnote).foregroundStyle(.secondary)
        // On, it can be put off, also where a renamed account has no codes any more.
        if clock.hasCodes || clock.clock.usedForCodes {
            Toggle(words("clock.use"), isOn: isUsed(clock))
            Text(words("clock.use.detail")).font(.footnote).foregroundStyle(.secondary)
        }
    }

    private func isUsed(_ clock: AccountClock) -> Binding<Bool> {
        Binding(
            get: { clock.clock.usedForCodes },
            set: { used in Task { await model.handle(.use(account: clock.summary.id, used)) } })
    }
}

extension Words {
    /// How this phone's clock stands to one server's. Servers tell whole seconds.
    func stands(_ secondsAhead: Int64) -> String {
        switch secondsAhead {
        case -1...1: self("clock.same")
        case 2...: self("clock.ahead", ["seconds": String(secondsAhead)])
        default: self("clock.behind", ["seconds": String(-secondsAhead)])
        }
    }
}
