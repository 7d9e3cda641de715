import CountersignKit
import SwiftUI

/// Locks an account at its server, and says what that means before and after.
struct LockOutView: View {
    let model: LockOutModel
    let words: Words

    var body: some View {
        VStack(alignment: .leading, spacing: 8) { content }
            // One row of a form: else a tap on it is a tap on its button.
            .buttonStyle(.borderless)
            .alert(words("account.lock_out.title"), isPresented: isAsking) {
                SystemButton(words("account.lock_out.do"), role: .destructive) { await model.handle(.confirm(true)) }
                SystemButton(words("common.cancel"), role: .cancel) { await model.handle(.confirm(false)) }
            } message: {
                Text(words("account.lock_out.body"))
            }
            // A question that goes with its page, as when the vault locks, ends without an answer.
            .onDisappear { Task { await model.handle(.confirm(false)) } }
    }

    @ViewBuilder private var content: some View {
        switch model.stage {
        case .offered, .asking: offer
        case .working: ProgressView(words("common.working"))
        case .locked:
            Text(words("account.locked_out")).font(.headline)
            Text(words("account.locked_out.next"))
        case .failed(let trouble):
            TroubleView(trouble: trouble, words: words)
            offer
        }
    }

    @ViewBuilder private var offer: some View {
        ActionButton(words("account.lock_out"), role: .destructive) { await model.handle(.lock) }
        Text(words("account.lock_out.detail")).font(.footnote).foregroundStyle(.secondary)
    }

    private var isAsking: Binding<Bool> {
        Binding(get: { model.stage == .asking }, set: { _ in })
    }
}
