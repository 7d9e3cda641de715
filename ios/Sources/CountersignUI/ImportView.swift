import Countersign
import CountersignKit
import SwiftUI

#if canImport(PhotosUI)
    import PhotosUI
#endif

/// From the files of another app, or a backup of ours, to its accounts.
struct ImportView: View {
    let model: ImportModel
    let words: Words
    /// Scans another code, where it was a code that it began with.
    var scan: (@MainActor () async -> Void)?
    @State private var picks = false

    private var state: ImportState { model.state }

    var body: some View {
        page
            .picksFiles($picks) { await model.handle(.files($0)) }
            .task { if state.stage == .choosing { await model.handle(.load) } }
    }

    @ViewBuilder private var page: some View {
        switch state.stage {
        case .choosing: ImportChoice(model: model, words: words) { picks = true }
        case .reading(let name): ProgressView(words("import.opening", ["name": name]))
        case .memory(let file): memory(file)
        case .locked(let file): LockedFileView(file: file, model: model, words: words)
        case .deriving(let file, let percent): deriving(file, percent)
        case .preview: ImportPreview(model: model, words: words, scan: scan) { picks = true }
        case .working: ProgressView(words("common.working"))
        case .done(let done): self.done(done)
        case .failed:
            Page(words("import.failed.title")) {
                UnreadFiles(files: state.unread, words: words)
                MainButton(words("import.another")) { await model.handle(.again) }
            }
        }
    }

    private func memory(_ file: LockedFile) -> some View {
        Page(words("import.memory.title")) {
            Text(
                words(
                    "import.memory.body",
                    ["name": file.name, "app": file.app, "mib": String(file.memoryMib ?? 0)]))
            MainButton(words("import.memory.do")) { await model.handle(.allowMemory) }
            ActionButton(words("common.cancel"), role: .cancel) { await model.handle(.stop) }
        }
    }

    private func deriving(_ file: LockedFile, _ percent: Int?) -> some View {
        Page(words("import.opening", ["name": file.name])) {
            ProgressView(words("import.deriving"))
            if let percent { Text(words("import.percent", ["percent": String(percent)])).monospacedDigit() }
            ActionButton(words("common.cancel"), role: .cancel) { await model.handle(.stop) }
        }
    }

    private func done(_ done: ImportDone) -> some View {
        Page(words(state.restores ? "restore.done.title" : "import.done.title")) {
            if let id = done.id {
                Text(words.counted("import.done", done.count))
                Text(words(state.restores ? "restore.done.next" : "import.done.next"))
                ActionButton(words("common.undo")) { await model.handle(.undo(id)) }
            } else {
                Text(words("import.done.nothing"))
            }
            NewSetUps(rows: done.setUps, words: words)
            TroubleView(trouble: state.trouble, words: words)
            ActionButton(words("import.another")) { await model.handle(.again) }
        }
    }
}

/// What can be brought in, and what was before.
struct ImportChoice: View {
    let model: ImportModel
    let words: Words
    let pick: @MainActor () -> Void
    @State private var undoing: String?
    #if canImport(PhotosUI)
        @State private var pictures: [PhotosPickerItem] = []
    #endif

    private var state: ImportState { model.state }

    var body: some View {
        Page(words(state.restores ? "restore.title" : "import.title")) {
            if let undone = state.undone { Text(words.counted("accounts.trashed", undone)) }
            if state.restores {
                Text(words("restore.body"))
                MainButton(words("restore.choose")) { pick() }
            } else {
                Text(words("import.body"))
                Text(words("import.apps"))
                MainButton(words("import.choose")) { pick() }
                photos
                Text(words("import.microsoft")).font(.footnote)
                past
            }
            TroubleView(trouble: state.trouble, words: words)
        }
        .alert(words("import.undo.title"), isPresented: isUndoing) {
            SystemButton(words("import.undo.do"), role: .destructive) {
                if let id = undoing { await model.handle(.undo(id)) }
                undoing = nil
            }
            Button(words("common.cancel"), role: .cancel) {}
        } message: {
            Text(words("import.undo.body"))
        }
    }

    @ViewBuilder private var photos: some View {
        #if canImport(PhotosUI)
            PhotosPicker(words("add.way.picture"), selection: $pictures, matching: .images)
                .onChange(of: pictures) { _, items in Task { await take(items) } }
        #endif
    }

    @ViewBuilder private var past: some View {
        if !state.past.isEmpty { Text(words("import.past")).font(.headline).accessibilityAddTraits(.isHeader) }
        ForEach(state.past, id: \.id) { past in
            VStack(alignment: .leading) {
                ActionButton(words("import.undo", ["app": past.app])) { undoing = past.id }
                Text(
                    words(
                        "list.pair",
                        [
                            "first": words.time(past.at),
                            "second": words.counted("accounts.count", Int(clamping: past.accounts)),
                        ])
                ).font(.footnote).foregroundStyle(.secondary)
            }
            .frame(minHeight: Look.touch)
        }
    }

    private var isUndoing: Binding<Bool> {
        Binding(get: { undoing != nil }, set: { if !$0 { undoing = nil } })
    }

    #if canImport(PhotosUI)
        private func take(_ items: [PhotosPickerItem]) async {
            var files: [PickedFile] = []
            for item in items {
                guard let content = try? await item.loadTransferable(type: Data.self) else { continue }
                files.append(PickedFile(name: words("add.way.picture"), content: content))
            }
            pictures = []
            await model.handle(.files(files))
        }
    #endif
}

/// What opens a file: its password, or the recovery code of a backup.
struct LockedFileView: View {
    let file: LockedFile
    let model: ImportModel
    let words: Words
    @State private var typed = ""
    @State private var usesCode = false
    /// Seconds that are not worth a word.
    private static let short = 2

    var body: some View {
        Page(words("import.locked.title")) {
            Text(words(usesCode ? "import.locked.code" : "import.locked.body", ["name": file.name, "app": file.app]))
            if file.seconds > Self.short, !usesCode { Text(words.howLong(file.seconds)) }
            if usesCode {
                TextField(words("recovery.code"), text: $typed).literal()
            } else {
                SecureField(words("password.label"), text: $typed)
            }
            TroubleView(trouble: model.state.trouble, words: words)
            MainButton(words("import.open")) { await open() }
            if file.takesCode {
                ActionButton(words(usesCode ? "unlock.with_password" : "unlock.with_recovery")) {
                    (typed, usesCode) = ("", !usesCode)
                }
            }
            ActionButton(words("common.cancel"), role: .cancel) { await model.handle(.stop) }
        }
    }

    private func open() async {
        let event: ImportModel.Event = usesCode ? .recoveryCode(typed) : .password(typed)
        typed = ""
        await model.handle(event)
    }
}

extension Words {
    fileprivate func howLong(_ seconds: Int) -> String {
        seconds < 120 ? counted("import.seconds", seconds) : counted("import.minutes", (seconds + 30) / 60)
    }
}
