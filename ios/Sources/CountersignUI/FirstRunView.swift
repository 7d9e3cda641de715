import CountersignKit
import SwiftUI

struct FirstRunView: View {
    let model: FirstRunModel
    let words: Words
    @State private var typed = ""

    var body: some View {
        switch model.state.page {
        case .welcome: welcome
        case .lock: lock
        case .password:
            PasswordForm(words: words, differs: model.state.passwordsDiffer, isWorking: model.state.isWorking) {
                await model.handle(.usePassword($0, again: $1))
            }
            TroubleView(trouble: model.state.trouble, words: words)
        case .recovery(let groups):
            RecoveryCodeView(groups: groups, words: words) { await model.handle(.written) }
        case .check(let group, let wrong): check(group, wrong)
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
                .frame(minHeight: Look.touch)
            Text(words("first_run.lock.password.detail")).font(.subheadline).foregroundStyle(.secondary)
            Text(words("first_run.lock.recovery"))
            TroubleView(trouble: model.state.trouble, words: words)
        }
        .disabled(model.state.isWorking)
    }

    private func check(_ group: Int, _ wrong: Bool) -> some View {
        Page(words("recovery.check.title")) {
            Text(words("recovery.check.body", ["number": String(group)]))
            TextField(words("recovery.group", ["number": String(group)]), text: $typed).literal()
            if wrong { Text(words("recovery.check.wrong")).foregroundStyle(.red) }
            MainButton(words("recovery.check.do")) {
                await model.handle(.typed(typed))
                typed = ""
            }
            ActionButton(words("recovery.show_again")) { await model.handle(.showAgain) }
        }
    }

    private var ready: some View {
        Page(words("first_run.ready.title")) {
            Text(words("first_run.ready.body"))
            MainButton(words("common.next")) { await model.finish() }
        }
    }
}

/// The eight groups to write down.
struct RecoveryCodeView: View {
    let groups: [String]
    let words: Words
    let written: @MainActor () async -> Void

    var body: some View {
        Page(words("recovery.title")) {
            Text(words("recovery.body"))
            ForEach(Array(groups.enumerated()), id: \.offset) { index, group in
                HStack {
                    Text(String(index + 1)).foregroundStyle(.secondary).frame(width: 24)
                    Text(group).font(.title2).monospaced()
                }
                .accessibilityElement(children: .ignore)
                .accessibilityLabel(
                    words("recovery.group.spoken", ["number": String(index + 1), "text": group.spelled]))
            }
            Text(words("recovery.keep"))
            MainButton(words("recovery.written"), action: written)
        }
        .privacySensitive()
    }
}

/// A new password, typed twice.
struct PasswordForm: View {
    let words: Words
    let differs: Bool
    let isWorking: Bool
    let use: @MainActor (String, String) async -> Void
    @State private var password = ""
    @State private var again = ""

    var body: some View {
        Page(words("first_run.password.title")) {
            Text(words("password.advice"))
            SecureField(words("password.new"), text: $password)
            SecureField(words("password.again"), text: $again)
            if differs { Text(words("password.differs")).foregroundStyle(.red) }
            MainButton(words("password.use")) { await use(password, again) }
            if isWorking { ProgressView(words("common.working")) }
        }
        .disabled(isWorking)
    }
}
