import Countersign
import CountersignKit
import SwiftUI

/// Sign-ins of the past, and what became of them.
struct HistoryView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: HistoryModel
    let words: Words
    @State private var saves = false
    /// The file that is being saved.
    @State private var file: Data?

    var body: some View {
        List {
            if model.state.isLoaded { Text(about).foregroundStyle(.secondary) }
            if !model.state.requests.isEmpty {
                ActionButton(words("history.save")) {
                    (file, saves) = (words.file(of: model.state.requests), true)
                }
                Text(words("history.save.detail")).font(.footnote).foregroundStyle(.secondary)
            }
            TroubleView(trouble: model.state.trouble, words: words)
            ForEach(model.state.requests, id: \.key) { PastRow(past: $0, words: words) }
        }
        .navigationTitle(words("history.title"))
        .toolbar {
            // All are forgotten at once: there is no button for it where only those of one account are seen.
            if model.account == nil, !model.state.requests.isEmpty {
                ToolbarItem(placement: .primaryAction) {
                    ActionButton(words("history.clear"), role: .destructive) { await model.handle(.clear) }
                }
            }
        }
        .task {
            await model.handle(.load)
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await model.handle(.tick)
            }
        }
        .savesFile($saves, name: "countersign-history.txt", content: file) { _ in file = nil }
        .alert(words("history.clear.title"), isPresented: asksToClear) {
            SystemButton(words("history.clear.do"), role: .destructive) { await model.handle(.confirmClear(true)) }
            SystemButton(words("common.cancel"), role: .cancel) { await model.handle(.confirmClear(false)) }
        } message: {
            Text(words("history.clear.body"))
        }
    }

    private var about: String {
        if model.state.requests.isEmpty { return words("history.empty") }
        return model.account.map { words("history.of", ["account": words.name($0)]) } ?? words("history.body")
    }

    private var asksToClear: Binding<Bool> {
        Binding(get: { model.state.asksToClear }, set: { _ in })
    }
}

/// One sign-in, read out as a whole: what, what became of it, which account, from where, when.
struct PastRow: View {
    let past: PastRequest
    let words: Words

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            if let title = words.title(of: past) { Text(title).font(.headline) }
            Label(words.end(of: past), systemImage: past.look.symbol)
                .foregroundStyle(past.look.isBad ? Look.danger : Look.accent)
            ForEach(words.facts(of: past), id: \.self) { Text($0) }
            Text(words.time(past.seenAt)).foregroundStyle(.secondary)
        }
        .font(.subheadline)
        .accessibilityElement(children: .combine)
    }
}

extension PastRequest {
    fileprivate var key: String { account + "/" + request + "/" + String(seenAt) }

    fileprivate var look: PastLook {
        switch standing {
        case .waiting: PastLook(systemImage: "bell")
        case .lockedOut: PastLook(systemImage: "lock")
        case .unanswered, .answered(.expired): PastLook(systemImage: "clock")
        case .answered(.approved): PastLook(systemImage: "checkmark.circle")
        case .answered(.declined):
            decline == .notMe ? PastLook(systemImage: "shield", isBad: true) : PastLook(systemImage: "xmark")
        case .answered(.answeredElsewhere): PastLook(systemImage: "iphone")
        case .answered(.wrongAnswer): PastLook(systemImage: "xmark", isBad: true)
        case .answered(.unknown): PastLook(systemImage: "exclamationmark.triangle", isBad: true)
        }
    }
}

/// How the end of a sign-in looks. It is bad where somebody may have the password, or nobody knows the end.
private struct PastLook {
    let symbol: String
    let isBad: Bool

    init(systemImage symbol: String, isBad: Bool = false) { (self.symbol, self.isBad) = (symbol, isBad) }
}
