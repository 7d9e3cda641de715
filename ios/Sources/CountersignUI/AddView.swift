import Countersign
import CountersignKit
import SwiftUI

struct AddView: View {
    let model: AddModel
    let app: OpenApp
    let words: Words

    var body: some View {
        NavigationStack {
            page
                .toolbar {
                    ToolbarItem(placement: .cancellationAction) { Button(words("common.cancel")) { close() } }
                }
        }
    }

    @ViewBuilder private var page: some View {
        switch model.state.stage {
        case .kinds: kinds
        case .ways: ways
        case .scanning(let permission): ScanView(permission: permission, model: model, app: app, words: words)
        case .picture: PicturePage(model: model, words: words)
        case .pasting: PasteView(model: model, app: app, words: words)
        case .typing: TypeView(model: model, words: words)
        case .choose(let codes): choose(codes)
        case .found(let code): FoundView(code: code, model: model, words: words)
        case .working: ProgressView(words("add.working"))
        case .added(let added): AddedView(added: added, model: model, app: app, words: words, close: close)
        case .importing:
            if let importing = model.importing {
                ImportView(model: importing, words: words) { await model.handle(.scanMore) }
            }
        case .lookNow: Page(words("requests.title")) { lookButton }
        case .signIn(let code, let asked):
            Page(words("request.title")) {
                Text(words("add.sign_in"))
                MainButton(words("common.next")) {
                    close()
                    await app.showScanned(code, asked, words)
                }
            }
        default: AddQuestions(model: model, words: words)
        }
    }

    private var kinds: some View {
        Page(words("add.kind.title")) {
            choice("add.kind.work") { await model.handle(.kind(.work)) }
            choice("add.kind.other") { await model.handle(.kind(.other)) }
            choice("add.kind.import") { await model.handle(.importAll) }
        }
    }

    private var ways: some View {
        Page(words("add.title")) {
            Text(words(model.state.kind == .work ? "add.way.work" : "add.way.other"))
            ActionButton(words("add.way.scan")) { await model.handle(.way(.scan)) }
            choice("add.way.picture") { await model.handle(.way(.picture)) }
            choice("add.way.paste") { await model.handle(.way(.paste)) }
            choice("add.way.type") { await model.handle(.way(.type)) }
            if model.state.kind == .work { Text(words("add.way.microsoft")).font(.footnote) }
            TroubleView(trouble: model.state.trouble, words: words)
        }
    }

    private func choice(_ key: String, _ action: @escaping @MainActor () async -> Void) -> some View {
        Button {
            Task { await action() }
        } label: {
            VStack(alignment: .leading) {
                Text(words(key)).font(.headline)
                Text(words(key + ".detail")).font(.subheadline).foregroundStyle(.secondary)
            }
            .frame(minHeight: Look.touch)
        }
    }

    private func choose(_ codes: [FoundCode]) -> some View {
        Page(words("add.found.several")) {
            ForEach(Array(codes.enumerated()), id: \.offset) { index, code in
                ActionButton(code.about.issuer ?? code.about.account ?? words("add.found.no_issuer")) {
                    await model.handle(.choose(index))
                }
            }
        }
    }

    private var lookButton: some View {
        MainButton(words("accounts.look")) {
            close()
            await app.accounts.handle(.look)
            await app.showRequests(words, samePhone: true)
        }
    }

    private func close() {
        app.leaveAdding()
        Task { await app.accounts.handle(.load) }
    }
}

/// What was found, before anything is added.
struct FoundView: View {
    let code: FoundCode
    let model: AddModel
    let words: Words

    var body: some View {
        Page(words("add.found.title")) {
            Text(code.about.issuer ?? words("add.found.no_issuer")).font(.title2).bold()
            if let account = code.about.account { Text(account) }
            Text(words(code.about.isApproval ? "add.found.approvals" : "add.found.codes"))
            MainButton(words("add.found.add")) { await model.handle(.add) }
            ActionButton(words("add.another_code")) { await model.handle(.again) }
        }
    }
}

/// The account is there: what was odd, and "Let's try it out".
struct AddedView: View {
    let added: AddedAccount
    let model: AddModel
    let app: OpenApp
    let words: Words
    let close: @MainActor () -> Void

    var body: some View {
        Page(words(added.wasThere ? "added.already" : "added.title")) {
            Text(words.name(added.summary)).font(.title2)
            if added.wasThere { Text(words("added.already.body")) }
            ForEach(added.odd, id: \.self) { Text(words("odd." + Words.key($0))).font(.footnote) }
            Text(words("added.try")).font(.headline)
            if let codes = added.codes {
                Text(words("added.try.code"))
                Text(codes.current.halved).font(.largeTitle).monospacedDigit()
                    .accessibilityLabel(words("accounts.code.spoken", ["code": codes.current.spelled]))
            }
            if added.isScanned {
                Text(words("added.try.scan"))
            } else if added.summary.approvals {
                Text(words("added.try.request"))
                MainButton(words("added.look")) {
                    close()
                    await app.accounts.handle(.load)
                    await app.accounts.handle(.look)
                    await app.showRequests(words)
                }
            }
            ActionButton(words("common.done")) { close() }
        }
        .task {
            while !Task.isCancelled {
                await model.handle(.tick)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
