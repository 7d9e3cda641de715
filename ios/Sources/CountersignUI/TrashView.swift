import CountersignKit
import SwiftUI

struct TrashView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: TrashModel
    let accounts: AccountsModel
    let words: Words
    @State private var purging: String?

    var body: some View {
        List {
            Text(words("trash.body"))
            if model.state.accounts.isEmpty { Text(words("trash.empty")) }
            ForEach(model.state.accounts, id: \.id) { account in
                VStack(alignment: .leading) {
                    Text(words.name(account)).font(.headline)
                    ActionButton(words("trash.restore", ["account": words.name(account)])) {
                        await model.handle(.restore(account.id))
                        await accounts.handle(.load)
                    }
                    ActionButton(words("trash.purge", ["account": words.name(account)]), role: .destructive) {
                        purging = account.id
                    }
                }
                .buttonStyle(.borderless)
            }
            TroubleView(trouble: model.state.trouble, words: words)
        }
        .navigationTitle(words("trash.title"))
        .task { await model.handle(.load) }
        .alert(words("trash.purge.title"), isPresented: isPurging) {
            SystemButton(words("trash.purge.do"), role: .destructive) {
                if let id = purging { await model.handle(.purge(id)) }
                purging = nil
            }
            Button(words("common.cancel"), role: .cancel) {}
        } message: {
            Text(words("trash.purge.body", ["account": name]))
        }
    }

    private var isPurging: Binding<Bool> {
        Binding(get: { purging != nil }, set: { if !$0 { purging = nil } })
    }

    private var name: String {
        model.state.accounts.first { $0.id == purging }.map(words.name) ?? ""
    }
}
