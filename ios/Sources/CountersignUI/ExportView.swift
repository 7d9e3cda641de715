import Countersign
import CountersignKit
import SwiftUI

/// Takes accounts out: where they go, which of them, and what can't go, before anything is written.
struct ExportView: View {
    let model: ExportModel
    let words: Words

    private var state: ExportState { model.state }

    var body: some View {
        switch state.stage {
        case .formats: formats
        case .accounts: ExportAccounts(model: model, words: words)
        case .protect: protect
        case .plain: plain
        case .working: ProgressView(words("export.writing"))
        case .file(let file): SaveView(file: file, model: model, words: words)
        case .code(let code): CodeToScan(code: code, model: model, words: words)
        case .done:
            Page(words("export.done.title")) { Text(words(state.format.whatNext)) }
        }
    }

    private var formats: some View {
        Page(words("export.title")) {
            Text(words("export.body"))
            ForEach(ExportFormat.all, id: \.self) { format in
                Button {
                    Task { await model.handle(.format(format)) }
                } label: {
                    VStack(alignment: .leading) {
                        Text(words(format.title)).font(.headline)
                        Text(words(format.title + ".detail")).font(.subheadline).foregroundStyle(.secondary)
                    }
                    .frame(minHeight: Look.touch)
                }
            }
            TroubleView(trouble: state.trouble, words: words)
        }
    }

    private var protect: some View {
        Page(words("export.protect.title")) {
            Text(words("export.protect.body"))
            NewPasswordFields(words: words, differs: state.passwordsDiffer, title: words("export.protect.password")) {
                await model.handle(.password($0, again: $1))
            }
            ActionButton(words("export.protect.plain")) { await model.handle(.withoutPassword) }
            TroubleView(trouble: state.trouble, words: words)
            back
        }
    }

    private var plain: some View {
        Page(words("export.plain.title")) {
            Text(words(state.format.warning)).bold()
            MainButton(words(state.format == .google ? "export.show" : "common.next")) { await model.handle(.write) }
            TroubleView(trouble: state.trouble, words: words)
            back
        }
    }

    private var back: some View {
        ActionButton(words("common.back")) { await model.handle(.back) }
    }
}

/// Which accounts go, and what the format can't carry of them.
struct ExportAccounts: View {
    let model: ExportModel
    let words: Words

    private var state: ExportState { model.state }

    var body: some View {
        List {
            if state.rows.isEmpty { Text(words("export.empty")) }
            if !state.leftOut.isEmpty { Text(words.counted("export.cant", state.leftOut.count)).font(.headline) }
            if !state.partly.isEmpty { Text(words.counted("export.partly", state.partly.count)).font(.headline) }
            ForEach(state.rows, id: \.id) { row in
                ExportRowView(row: row, isChosen: state.chosen.contains(row.id), words: words) {
                    await model.handle(.choose(row.id))
                }
            }
            if state.carried.count + state.leftOut.count < state.rows.count {
                ActionButton(words("import.select_all")) { await model.handle(.chooseAll(true)) }
            } else {
                ActionButton(words("accounts.select_none")) { await model.handle(.chooseAll(false)) }
            }
            TroubleView(trouble: state.trouble, words: words)
            MainButton(words("common.next")) { await model.handle(.next) }.disabled(state.carried.isEmpty)
            ActionButton(words("common.back")) { await model.handle(.back) }
        }
        .navigationTitle(words(state.format.title))
    }
}

struct ExportRowView: View {
    let row: ExportRow
    let isChosen: Bool
    let words: Words
    let choose: @MainActor () async -> Void

    var body: some View {
        ChoosableRow(words.name(row.issuer, row.name), value: carried, isChosen: isChosen, choose: choose) {
            Text(words.name(row.issuer, row.name)).font(.headline)
            Text(carried).font(.subheadline).foregroundStyle(.secondary)
        }
        .disabled(!row.isCarried)
    }

    private var carried: String {
        switch row.carried {
        case .whole: words("export.whole")
        case .without(let lost):
            words("export.without", ["what": words.listed(lost.map { words("export.lost." + Words.key($0)) })])
        case .leftOut(let why): words("export.left_out." + Words.key(why))
        }
    }
}

/// The file is ready: where it goes.
struct SaveView: View {
    let file: ExportedFile
    let model: ExportModel
    let words: Words
    @State private var saves = false

    var body: some View {
        Page(words(model.state.format.title)) {
            Text(words.counted("accounts.count", model.state.carried.count))
            MainButton(words("export.save")) { saves = true }
            if model.state.format == .sheet {
                ActionButton(words("export.print")) { await model.handle(.print) }
            }
            TroubleView(trouble: model.state.trouble, words: words)
        }
        .savesFile($saves, name: file.name, content: file.content) { await model.handle(.saved($0 != nil)) }
    }
}

/// One of the codes that another phone scans.
struct CodeToScan: View {
    let code: ExportedCode
    let model: ExportModel
    let words: Words

    private var numbers: KeyValuePairs<String, String> {
        ["number": String(code.place + 1), "count": String(code.count)]
    }

    var body: some View {
        Page(words("export.code", numbers)) {
            Text(words("export.code.scan"))
            CodeOnScreen(picture: code.picture, label: words("export.code.picture", numbers), words: words)
            if code.place + 1 < code.count {
                MainButton(words("export.code.next")) { await model.handle(.show(code.place + 1)) }
            } else {
                MainButton(words("common.done")) { await model.handle(.finish) }
            }
            if code.place > 0 {
                ActionButton(words("export.code.previous")) { await model.handle(.show(code.place - 1)) }
            }
        }
    }
}

extension ExportFormat {
    fileprivate var title: String { "export." + Words.key(self) }

    fileprivate var warning: String {
        switch self {
        case .google: "export.screen.seen"
        case .sheet: "export.paper.body"
        default: "export.plain.body"
        }
    }

    fileprivate var whatNext: String {
        switch self {
        case .google: "export.done.google"
        case .sheet: "export.done.sheet"
        case .entra: "export.done.entra"
        default: "export.done.file"
        }
    }
}
