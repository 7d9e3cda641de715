import Countersign
import CountersignKit
import SwiftUI

/// What a file holds, row by row, before anything is taken.
struct ImportPreview: View {
    let model: ImportModel
    let words: Words
    let scan: (@MainActor () async -> Void)?
    let pick: @MainActor () -> Void

    private var state: ImportState { model.state }

    var body: some View {
        List {
            about
            UnreadFiles(files: state.unread, words: words)
            if !state.missing.isEmpty { missing }
            TroubleView(trouble: state.trouble, words: words)
            if state.rows.isEmpty { Text(words("import.none")) } else { choice }
            ForEach(state.rows, id: \.entry) { row in
                ImportRowView(row: row, isChosen: state.chosen.contains(row.entry), words: words) {
                    await model.handle(.choose(row.entry))
                }
            }
            NewSetUps(rows: state.setUps, words: words)
            ActionButton(words("import.add")) { pick() }
        }
        .navigationTitle(words(state.restores ? "restore.title" : "import.title"))
    }

    @ViewBuilder private var about: some View {
        Text(words("import.from", ["app": state.apps.joined(separator: ", ")])).font(.headline)
        if let made = state.madeAt { Text(words("import.made", ["day": words.time(made)])) }
    }

    @ViewBuilder private var choice: some View {
        MainButton(words.counted(state.restores ? "restore.do" : "import.do", state.chosen.count)) {
            await model.handle(.bringIn)
        }
        if state.chosen.count < state.takeable.count {
            ActionButton(words("import.select_all")) { await model.handle(.chooseAll(true)) }
        } else {
            ActionButton(words("accounts.select_none")) { await model.handle(.chooseAll(false)) }
        }
    }

    @ViewBuilder private var missing: some View {
        let missing = state.missing.map(String.init).joined(separator: ", ")
        let there = max(0, Int(state.parts) - state.missing.count)
        Warning(
            what: words(
                state.missing.count == 1 ? "import.parts.one" : "import.parts.many",
                ["there": "\(there)", "of": "\(state.parts)", "parts": missing]),
            next: words("import.parts.next"))
        if let scan { ActionButton(words("add.way.scan"), action: scan) }
    }
}

/// One entry of a file: how it stands to the accounts that are there, and what a person should know of it.
struct ImportRowView: View {
    let row: ImportRow
    let isChosen: Bool
    let words: Words
    let choose: @MainActor () async -> Void

    var body: some View {
        let value = ([standing] + details).joined(separator: ", ")
        ChoosableRow(words.listed([number, name]), value: value, isChosen: isChosen, choose: choose) {
            HStack {
                Text(number).foregroundStyle(.secondary).monospacedDigit()
                Text(name).font(.headline)
            }
            Text(standing).font(.subheadline).foregroundStyle(.secondary)
            ForEach(details, id: \.self) { Text($0).font(.footnote) }
        }
        .disabled(isRefused)
    }

    /// Its place in the file: another row may speak of it.
    private var number: String { String(row.entry + 1) }

    private var name: String { words.name(row) }

    private var isRefused: Bool { if case .refused = row.standing { true } else { false } }

    private var standing: String {
        switch row.standing {
        case .new: words(row.isOdd ? "import.odd" : "import.new")
        case .same: words("import.same")
        case .repeated(let entry): words("import.repeated", ["number": String(entry + 1)])
        case .inTrash: words("import.in_trash")
        case .differs: words("import.differs")
        case .refused: words("import.refused")
        }
    }

    private var details: [String] {
        var details: [String] = []
        switch row.standing {
        case .differs(_, let what): details += what.map { words("import.differs." + Words.key($0)) }
        case .refused(let reason): details += [words.what(reason), words.next(reason)]
        default: break
        }
        details += row.odd.map { words("odd." + Words.key($0)) }
        details += row.notes.map { words("import.note." + Words.key($0)) }
        return details
    }
}

/// Accounts whose sign-ins are approved again only after a new set-up, with whom to ask.
struct NewSetUps: View {
    let rows: [ImportRow]
    let words: Words

    var body: some View {
        if !rows.isEmpty {
            Section(words("import.set_up.title")) {
                Text(words("import.set_up.body"))
                ForEach(rows, id: \.entry) { row in
                    VStack(alignment: .leading) {
                        Text(words.name(row)).font(.headline)
                        Text(words("import.set_up.ask", ["origin": row.needsSetUp?.origin ?? ""])).font(.footnote)
                    }
                }
            }
        }
    }
}

/// Files that were not read, each with its reason.
struct UnreadFiles: View {
    let files: [UnreadFile]
    let words: Words

    var body: some View {
        ForEach(files.indices, id: \.self) { index in
            VStack(alignment: .leading) {
                Text(words("import.failed.file", ["name": files[index].name])).font(.headline)
                TroubleView(trouble: files[index].trouble, words: words)
                if let over = files[index].over {
                    Text(words.figures(over)).font(.footnote)
                }
            }
        }
    }
}

extension Words {
    /// An entry that has no names is still one.
    fileprivate func name(_ row: ImportRow) -> String {
        row.issuer.isEmpty && row.name.isEmpty ? self("add.found.no_issuer") : name(row.issuer, row.name)
    }
}

extension Words {
    fileprivate func figures(_ over: OverLimit) -> String {
        self("import.figures", ["wanted": amount(over.wanted, over.unit), "most": amount(over.most, over.unit)])
    }

    private func amount(_ count: UInt64, _ unit: String) -> String {
        let key =
            switch unit {
            case "bytes": "import.bytes"
            case "entries": "import.entries"
            case "rounds": "import.rounds"
            case "KiB of passes": "import.passes"
            default: ""
            }
        return key.isEmpty ? "\(count) \(unit)" : self(key, ["count": String(count)])
    }
}
