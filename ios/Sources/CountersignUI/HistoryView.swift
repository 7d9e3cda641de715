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
        let end = past.end
        VStack(alignment: .leading, spacing: 4) {
            if let title = words.title(of: past) { Text(title).font(.headline) }
            Label(words(end.key), systemImage: end.symbol).foregroundStyle(end.isBad ? Look.danger : Look.accent)
            ForEach(words.facts(of: past), id: \.self) { Text($0) }
            Text(words.time(past.seenAt)).foregroundStyle(.secondary)
        }
        .font(.subheadline)
        .accessibilityElement(children: .combine)
    }
}

extension Words {
    /// What was signed in to; nothing where it was a lock-out.
    fileprivate func title(of past: PastRequest) -> String? {
        if past.standing == .lockedOut { return nil }
        return past.application.isEmpty ? self("history.unnamed") : past.application
    }

    /// Why it ended so, for which account, and from where, as far as that is known.
    fileprivate func facts(of past: PastRequest) -> [String] {
        [past.reason.map(what), name(past.issuer, past.name), past.cameFrom].compactMap { $0 }.filter { !$0.isEmpty }
    }

    /// Past sign-ins as a text for people, such as those of a help desk: a paragraph each, with the reason by which
    /// Microsoft Entra's sign-in log would know it.
    func file(of history: [PastRequest]) -> Data {
        let paragraphs = history.map { past in
            let entra = past.entraReason.map { self("history.entra", ["reason": $0]) }
            let answered = past.answeredAt.map { self("history.answered_at", ["time": time($0)]) }
            let head = [time(past.seenAt), title(of: past), self(past.end.key)]
            return (head + facts(of: past) + [answered, entra]).compactMap { $0 }.joined(separator: "\n")
        }
        return Data((paragraphs.joined(separator: "\n\n") + "\n").utf8)
    }
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
    fileprivate var key: String { account + "/" + request + "/" + String(seenAt) }

    fileprivate var end: PastEnd {
        switch standing {
        case .waiting: PastEnd("history.waiting", systemImage: "bell")
        case .lockedOut: PastEnd("history.locked_out", systemImage: "lock")
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
