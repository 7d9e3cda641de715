import CountersignKit
import SwiftUI

struct FirstRunView: View {
    let model: FirstRunModel
    let words: Words

    var body: some View {
        switch model.state.page {
        case .welcome: welcome
        case .lock: lock
        case .password:
            PasswordForm(
                words: words, differs: model.state.passwordsDiffer, isWorking: model.state.isWorking,
                trouble: model.state.trouble
            ) {
                await model.handle(.usePassword($0, again: $1))
            } back: {
                await model.handle(.back)
            }
        case .recovery(let page): RecoveryView(page: page, words: words) { await model.handle(.recovery($0)) }
        case .backup:
            if let backups = model.backups {
                FirstBackupView(model: backups, words: words) { await model.handle(.backupsDone) }
            }
        case .ready: ready
        }
    }

    private var welcome: some View {
        Page(words("first_run.title")) {
            Text(words("first_run.what"))
            Text(words("first_run.where"))
            Text(words("first_run.why"))
            MainButton(words("first_run.begin")) { await model.handle(.begin) }
        }
    }

    private var lock: some View {
        Page(words("first_run.lock.title")) {
            Text(words("first_run.lock.body"))
            if model.state.hasDeviceLock {
                MainButton(words("first_run.lock.device")) { await model.handle(.useDeviceLock) }
                Text(words("first_run.lock.device.detail")).font(.subheadline).foregroundStyle(.secondary)
            } else {
                Text(words("first_run.lock.device.none"))
            }
            ActionButton(words("first_run.lock.password")) { await model.handle(.choosePassword) }
            Text(words("first_run.lock.password.detail")).font(.subheadline).foregroundStyle(.secondary)
            Text(words("first_run.lock.recovery"))
            TroubleView(trouble: model.state.trouble, words: words)
        }
        .disabled(model.state.isWorking)
    }

    private var ready: some View {
        Page(words("first_run.ready.title")) {
            Text(words("first_run.ready.body"))
            MainButton(words("first_run.ready.add")) { await model.finish(.add) }
            ActionButton(words("first_run.ready.import")) { await model.finish(.importing) }
            ActionButton(words("first_run.ready.restore")) { await model.finish(.restoring) }
            ActionButton(words("first_run.ready.later")) { await model.finish() }
        }
    }
}

/// A new recovery code, from showing it to the check of its paper.
struct RecoveryView: View {
    let page: RecoveryPage
    let words: Words
    /// As of `RecoveryCodeView`.
    var what: String?
    var keep: String?
    let handle: @MainActor (RecoveryEvent) async -> Void

    var body: some View {
        switch page {
        case .code(let groups):
            RecoveryCodeView(groups: groups, words: words, what: what, keep: keep) { await handle(.written) }
        case .check(let group, let wrong):
            RecoveryCheckView(group: group, isWrong: wrong, words: words) {
                await handle(.typed($0))
            } again: {
                await handle(.showAgain)
            }
        }
    }
}

/// The eight groups to write down.
struct RecoveryCodeView: View {
    let groups: [String]
    let words: Words
    /// What the code opens, and where its paper is kept; of the vault, unless something else is said.
    var what: String?
    var keep: String?
    let written: @MainActor () async -> Void

    var body: some View {
        Page(words("recovery.title")) {
            Text(what ?? words("recovery.body"))
            ForEach(Array(groups.enumerated()), id: \.offset) { index, group in
                HStack {
                    Text(String(index + 1)).foregroundStyle(.secondary).frame(width: 24)
                    Text(group).font(.title2).monospaced()
                }
                .accessibilityElement(children: .ignore)
                .accessibilityLabel(
                    words("recovery.group.spoken", ["number": String(index + 1), "text": group.spelled]))
            }
            Text(keep ?? words("recovery.keep"))
            MainButton(words("recovery.written"), action: written)
        }
        .privacySensitive()
    }
}

/// One group from the paper is typed, so that it is known to be written down.
struct RecoveryCheckView: View {
    let group: Int
    let isWrong: Bool
    let words: Words
    let check: @MainActor (String) async -> Void
    let again: @MainActor () async -> Void
    @State private var typed = ""

    var body: some View {
        Page(words("recovery.check.title")) {
            Text(words("recovery.check.body", ["number": String(group)]))
            TextField(words("recovery.group", ["number": String(group)]), text: $typed).literal()
            if isWrong { Text(words("recovery.check.wrong")).foregroundStyle(Look.danger) }
            MainButton(words("recovery.check.do")) {
                await check(typed)
                typed = ""
            }
            ActionButton(words("recovery.show_again"), action: again)
        }
    }
}

/// A new recovery code, from what it is for to the check of its paper.
struct NewRecoveryCode: View {
    let model: SettingsModel
    let words: Words
    let close: @MainActor () async -> Void

    private var state: SettingsState { model.state }

    var body: some View {
        if let page = state.recovery {
            RecoveryView(page: page, words: words) { await model.handle(.recovery($0)) }
        } else {
            Page(words("recovery.code")) {
                Text(words("recovery.what"))
                if state.notice == .recoveryMade {
                    Text(words("settings.recovery.made"))
                    MainButton(words("common.done"), action: close)
                } else {
                    Text(words("backup.code.unchecked"))
                    Text(words("recovery.old_is_dead")).font(.footnote)
                    MainButton(words("recovery.new")) { await model.handle(.newRecoveryCode) }
                }
                TroubleView(trouble: state.trouble, words: words)
            }
        }
    }
}

/// A new password, typed twice.
struct PasswordForm: View {
    let words: Words
    let differs: Bool
    let isWorking: Bool
    /// What the password is for, where that is not plain.
    var why: String?
    let trouble: Trouble?
    let use: @MainActor (String, String) async -> Void
    let back: @MainActor () async -> Void

    var body: some View {
        Page(words("first_run.password.title")) {
            if let why { Text(why) }
            NewPasswordFields(words: words, differs: differs, title: words("password.use"), use: use)
            TroubleView(trouble: trouble, words: words)
            ActionButton(words("common.back"), action: back)
            if isWorking { ProgressView(words("common.working")) }
        }
        .disabled(isWorking)
    }
}

/// The fields of a new password with their button.
struct NewPasswordFields: View {
    let words: Words
    let differs: Bool
    let title: String
    let use: @MainActor (String, String) async -> Void
    @State private var password = ""
    @State private var again = ""

    var body: some View {
        Text(words("password.advice"))
        SecureField(words("password.new"), text: $password)
        SecureField(words("password.again"), text: $again)
        if differs { Text(words("password.differs")).foregroundStyle(Look.danger) }
        MainButton(title) { await use(password, again) }.disabled(password.isEmpty)
    }
}
