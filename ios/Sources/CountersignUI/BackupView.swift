import Countersign
import CountersignKit
import SwiftUI

/// Backups: how it stands with them, what opens them, where they go.
struct BackupView: View {
    let model: BackupModel
    let words: Words
    let restore: @MainActor () -> Void
    @State private var saves = false

    private var state: BackupRoomState { model.state }

    var body: some View {
        page
            .task { await model.handle(.load) }
            .onChange(of: state.document) { _, document in saves = document != nil }
            .savesFile($saves, name: state.document?.name ?? "", content: state.document?.content) { file in
                await model.handle(.saved(file.map(PickedFile.init)))
            }
    }

    @ViewBuilder private var page: some View {
        switch state.page {
        case .overview: overview
        case .password:
            Page(words("backup.password")) {
                Text(words("backup.password.body"))
                if state.hasPassword { Text(words("backup.password.kept")) }
                BackupPassword(model: model, words: words)
                back
            }
        case .recovery(let page):
            RecoveryView(
                page: page, words: words, what: words("backup.code.body"), keep: words("backup.code.keep")
            ) {
                await model.handle(.recovery($0))
            }
        }
    }

    private var overview: some View {
        Form {
            Section(words("backup.title")) {
                BackupStanding(concern: model.concern, last: state.standing?.last, words: words)
                if state.hasPassword {
                    ActionButton(words("backup.make")) { await model.handle(.make) }
                    if state.standing?.place != nil {
                        ActionButton(words("backup.make.file")) { await model.handle(.makeFile) }
                    }
                }
                if state.isWorking { ProgressView(words("backup.making")) }
                if case .made = state.notice { Text(words("backup.made")) }
                if let trouble = state.trouble, model.concern != .unwritten(trouble) {
                    TroubleView(trouble: trouble, words: words)
                }
            }
            ways
            if state.hasPassword { BackupFolderSection(model: model, words: words) }
            Section(words("restore.title")) {
                Text(words("restore.body")).font(.footnote)
                Text(words("backup.approvals")).font(.footnote)
                ActionButton(words("restore.choose")) { restore() }
            }
        }
        .navigationTitle(words("backup.title"))
    }

    private var ways: some View {
        Section(words("backup.ways")) {
            if !state.hasPassword { Text(words("backup.password.body")) }
            ActionButton(words(state.hasPassword ? "settings.password.change" : "settings.password.set")) {
                await model.handle(.changePassword)
            }
            if state.notice == .passwordSet { Text(words("backup.password.is_set")) }
            Text(words("backup.code.what")).font(.footnote)
            Text(words(state.hasCode ? "settings.recovery.there" : "settings.recovery.none"))
            if state.hasCode {
                if !state.codeIsChecked { Text(words("backup.code.unchecked")).foregroundStyle(Look.danger) }
                Text(words("backup.code.old")).font(.footnote)
            }
            ActionButton(words("recovery.new")) { await model.handle(.newCode) }
            if state.notice == .codeMade { Text(words("backup.code.made")) }
        }
    }

    private var back: some View {
        ActionButton(words("common.back")) { await model.handle(.back) }
    }
}

/// How the vault stands with its backups.
struct BackupStanding: View {
    let concern: BackupConcern?
    let last: LastBackup?
    let words: Words

    var body: some View {
        if let concern { BackupConcernView(concern: concern, words: words) }
        if let last {
            Text(words("backup.last", ["time": words.time(last.at)]))
            if last.damaged > 0 {
                Text(words.counted("backup.damaged", Int(clamping: last.damaged)))
            } else if concern == nil {
                Text(words("backup.complete"))
            }
        }
    }
}

/// The folder that backups go to by themselves.
struct BackupFolderSection: View {
    let model: BackupModel
    let words: Words
    @State private var picks = false

    private var place: BackupPlace? { model.state.standing?.place }

    var body: some View {
        Section(words("backup.folder")) {
            Text(model.state.folder ?? words("backup.folder.none"))
            ActionButton(words("backup.folder.choose")) { picks = true }
            if let place {
                Toggle(words("backup.automatic"), isOn: isAutomatic(place))
                Text(words("backup.automatic.detail")).font(.footnote).foregroundStyle(.secondary)
                Picker(words("backup.keep"), selection: keep(place)) {
                    ForEach(model.state.keeps, id: \.self) { count in
                        Text(words("backup.keep.count", ["count": String(count)])).tag(count)
                    }
                }
                ActionButton(words("backup.folder.forget"), role: .destructive) { await model.handle(.forgetFolder) }
            }
        }
        .picksFolder($picks) { await model.handle(.folder($0)) }
    }

    private func isAutomatic(_ place: BackupPlace) -> Binding<Bool> {
        Binding(get: { place.isAutomatic }, set: { on in Task { await model.handle(.automatic(on)) } })
    }

    private func keep(_ place: BackupPlace) -> Binding<UInt32> {
        Binding(get: { place.keep }, set: { count in Task { await model.handle(.keep(count)) } })
    }
}

/// The password of the backups to come.
struct BackupPassword: View {
    let model: BackupModel
    let words: Words

    var body: some View {
        NewPasswordFields(words: words, differs: model.state.passwordsDiffer, title: words("password.use")) {
            await model.handle(.password($0, again: $1))
        }
        if model.state.isWorking { ProgressView(words("common.working")) }
        TroubleView(trouble: model.state.trouble, words: words)
    }
}

/// What there is to say about backups, with the next tap.
struct BackupConcernView: View {
    let concern: BackupConcern
    let words: Words

    var body: some View {
        switch concern {
        case .warning(.noneYet): Warning(what: words("backup.none"), next: words("backup.none.next"))
        case .warning(.missing(let count)): renew("backup.missing", count)
        case .warning(.old(let days)): renew("backup.old", days)
        case .unwritten(let trouble):
            Warning(what: words("backup.unwritten"), next: words.what(trouble) + " " + words.next(trouble))
        }
    }

    private func renew(_ key: String, _ count: UInt64) -> some View {
        Warning(what: words.counted(key, Int(clamping: count)), next: words("backup.renew"))
    }
}

/// The same on the list of accounts.
struct BackupBanner: View {
    let app: OpenApp
    let words: Words

    var body: some View {
        if let concern = app.phone.backups.concern {
            BackupConcernView(concern: concern, words: words)
            ActionButton(words("backup.open")) { app.enter(.backup, words) }
        }
    }
}

/// Where backups shall live, in the first run.
struct FirstBackupView: View {
    let model: BackupModel
    let words: Words
    let done: @MainActor () async -> Void
    @State private var picks = false

    var body: some View {
        Page(words("first_run.backup.title")) {
            Text(words("first_run.backup.body"))
            Text(words("first_run.backup.where"))
            if !model.state.hasPassword {
                Text(words("backup.password.body"))
                BackupPassword(model: model, words: words)
            } else if let folder = model.state.folder {
                Text(words("first_run.backup.set", ["folder": folder])).bold()
                TroubleView(trouble: model.state.trouble, words: words)
                MainButton(words("common.next"), action: done)
            } else {
                MainButton(words("backup.folder.choose")) { picks = true }
                TroubleView(trouble: model.state.trouble, words: words)
            }
            if model.state.folder == nil {
                ActionButton(words("first_run.ready.later"), action: done)
            }
        }
        .disabled(model.state.isWorking)
        .picksFolder($picks) { await model.handle(.folder($0)) }
    }
}
