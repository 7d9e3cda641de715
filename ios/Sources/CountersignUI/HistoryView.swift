import Countersign
import CountersignKit
import SwiftUI

/// Sign-ins of the past, and what became of them.
struct HistoryView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: HistoryModel
    let words: Words

    var body: some View {
        List {
            if model.state.isLoaded { Text(about).foregroundStyle(.secondary) }
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
        let end = past.end
        VStack(alignment: .leading, spacing: 4) {
            Text(past.application.isEmpty ? words("history.unnamed") : past.application).font(.headline)
            Label(words(end.key), systemImage: end.symbol).foregroundStyle(end.isBad ? Look.danger : Look.accent)
            if let reason = past.reason { Text(words.what(reason)) }
            if !account.isEmpty { Text(account) }
            if let place = past.cameFrom { Text(place) }
            Text(words.time(past.seenAt)).foregroundStyle(.secondary)
        }
        .font(.subheadline)
        .accessibilityElement(children: .combine)
    }

    private var account: String { words.name(past.issuer, past.name) }
}

/// How the end of a request is told. It is bad where somebody may have the password, or nobody knows the end.
private struct PastEnd {
    let key, symbol: String
    let isBad: Bool

    init(_ key: String, systemImage symbol: String, isBad: Bool = false) {
        (self.key, self.symbol, self.isBad) = (key, symbol, isBad)
    }
}

extension PastRequest {
    fileprivate var key: String { account + "/" + request }

    fileprivate var end: PastEnd {
        switch standing {
        case .waiting: PastEnd("history.waiting", systemImage: "bell")
        case .unanswered: PastEnd("history.unanswered", systemImage: "clock")
        case .answered(.approved): PastEnd("history.approved", systemImage: "checkmark.circle")
        case .answered(.declined): declined
        case .answered(.expired): PastEnd("history.expired", systemImage: "clock")
        case .answered(.answeredElsewhere): PastEnd("history.elsewhere", systemImage: "iphone")
        case .answered(.wrongAnswer): PastEnd("history.wrong", systemImage: "xmark", isBad: true)
        case .answered(.unknown):
            PastEnd("history.unknown", systemImage: "exclamationmark.triangle", isBad: true)
        }
    }

    private var declined: PastEnd {
        switch decline {
        case .notMe?: PastEnd("history.not_me", systemImage: "shield", isBad: true)
        case .cancelled?: PastEnd("history.cancelled", systemImage: "xmark")
        case nil: PastEnd("history.declined", systemImage: "xmark")
        }
    }
}
