import Countersign
import CountersignKit
import SwiftUI

/// What is asked while an account is added, and why it was not.
struct AddQuestions: View {
    let model: AddModel
    let words: Words
    @State private var id = ""
    @State private var secret = ""

    var body: some View {
        switch model.state.stage {
        case .trust(let origin, let organisation, let system): trust(origin, organisation, system)
        case .client(let origin, let known, _): client(origin, known)
        case .organisation(let code, let replaces): self.organisation(code, replaces)
        case .organisationStored:
            Page(words("add.organisation.stored")) {
                Text(words("add.organisation.stored.body"))
                MainButton(words("add.organisation.scan")) { await model.handle(.again) }
            }
        case .cannot(let about, let reason): cannot(about, reason)
        case .failed(let trouble): ended("add.failed.title", trouble)
        case .unknown(let trouble): ended("add.unknown.title", trouble)
        default: EmptyView()
        }
    }

    private func trust(_ origin: Origin, _ organisation: String?, _ system: String) -> some View {
        Page(words("trust.title")) {
            Text(words("trust.body"))
            Text(origin.text).font(.title3).monospaced().bold()
            Text(system).foregroundStyle(.secondary)
            Text(words("trust.compare"))
            if let organisation { Text(words("trust.says", ["organisation": organisation])).font(.footnote) }
            MainButton(words("trust.yes")) { await model.handle(.trust(true)) }
            ActionButton(words("trust.no"), role: .cancel) { await model.handle(.trust(false)) }
        }
    }

    private func client(_ origin: Origin, _ known: String?) -> some View {
        Page(words("client.title")) {
            Text(origin.text).monospaced()
            Text(words("client.body"))
            if known == nil { TextField(words("client.id"), text: $id).literal() }
            SecureField(words("client.secret"), text: $secret)
            MainButton(words("common.next")) {
                await model.handle(.client(id: known ?? id, secret: secret))
                secret = ""
            }
        }
    }

    private func organisation(_ code: FoundCode, _ replaces: Bool) -> some View {
        Page(words("add.organisation.title")) {
            if let origin = code.about.origin { Text(origin.text).font(.title3).monospaced().bold() }
            Text(words("add.organisation.body"))
            TroubleView(trouble: model.state.trouble, words: words)
            MainButton(words(replaces ? "add.organisation.replace" : "add.organisation.store")) {
                await model.handle(.store)
            }
        }
    }

    private func cannot(_ about: Recognised, _ reason: Reason) -> some View {
        Page(words("add.cant.title")) {
            TroubleView(trouble: .reason(reason), words: words)
            if let host = about.foreignHost { Text(words("add.cant.host", ["host": host])).font(.footnote) }
            MainButton(words("add.another_code")) { await model.handle(.again) }
        }
    }

    private func ended(_ title: String, _ trouble: Trouble) -> some View {
        Page(words(title)) {
            TroubleView(trouble: trouble, words: words)
            MainButton(words("add.another_way")) { await model.handle(.again) }
        }
    }
}
