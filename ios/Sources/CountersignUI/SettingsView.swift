import Countersign
import CountersignKit
import SwiftUI

struct SettingsView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: SettingsModel
    let words: Words
    let enter: @MainActor (Start) -> Void
    @State private var typed = ""
    @State private var changesPassword = false
    @Environment(\.scenePhase) private var phase

    private var state: SettingsState { model.state }

    var body: some View {
        Form {
            accounts
            lock
            recovery
            screen
            signIns
            Section(words("settings.help")) {
                Text(words("report.body")).font(.footnote)
                Text(state.report).font(.footnote).monospaced()
                ActionButton(words("report.copy")) { await model.handle(.copyReport) }
                if state.notice == .reportCopied { Text(words("report.copied")) }
            }
            Section(words("about.title")) {
                Text(words("about.version", ["version": AppVersion.text]))
                Text(words("about.body"))
                Text(words("about.licence"))
            }
            TroubleView(trouble: state.trouble, words: words)
        }
        .navigationTitle(words("settings.title"))
        .task { await model.handle(.load) }
        // Back from the system's settings.
        .onChange(of: phase) { _, phase in
            if phase == .active { Task { await model.seenAgain() } }
        }
        .sheet(isPresented: makesCode) {
            NewRecoveryCode(model: model, words: words) { await model.handle(.leaveRecovery) }
        }
        .sheet(isPresented: asksForPassword) {
            PasswordForm(
                words: words, differs: state.passwordsDiffer, isWorking: state.isWorking,
                why: state.replacesDeviceLock ? words("settings.password.instead_of_lock") : nil,
                trouble: state.trouble
            ) {
                await model.handle(.password($0, again: $1))
                changesPassword = state.notice != .passwordSet
            } back: {
                await leavePassword()
            }
        }
    }

    private var makesCode: Binding<Bool> {
        Binding(
            get: { state.recovery != nil }, set: { if !$0 { Task { await model.handle(.leaveRecovery) } } })
    }

    private var asksForPassword: Binding<Bool> {
        Binding(
            get: { changesPassword || state.replacesDeviceLock }, set: { if !$0 { Task { await leavePassword() } } })
    }

    private func leavePassword() async {
        changesPassword = false
        await model.handle(.leavePassword)
    }

    private var accounts: some View {
        Section(words("settings.accounts")) {
            ForEach(Door.all, id: \.title) { door in
                Button {
                    enter(door.room)
                } label: {
                    VStack(alignment: .leading) {
                        Text(words(door.title)).font(.headline)
                        Text(words(door.detail)).font(.subheadline).foregroundStyle(.secondary)
                    }
                    .frame(minHeight: Look.touch)
                }
            }
        }
    }

    private var lock: some View {
        Section(words("settings.lock")) {
            if state.hasDeviceLock {
                Toggle(words("settings.device_lock"), isOn: toggle(state.ways.contains(.platform)) { .deviceLock($0) })
            }
            ActionButton(words(state.ways.contains(.password) ? "settings.password.change" : "settings.password.set")) {
                changesPassword = true
            }
            if state.notice == .passwordSet { Text(words("settings.password.is_set")) }
            Picker(words("settings.grace"), selection: grace) {
                ForEach(Preferences.graces, id: \.self) { Text(words(key($0))).tag($0) }
            }
        }
    }

    private var recovery: some View {
        Section(words("recovery.code")) {
            Text(words("recovery.what"))
            Text(words(state.ways.contains(.recovery) ? "settings.recovery.there" : "settings.recovery.none"))
            TextField(words("recovery.try.body"), text: $typed).literal()
            ActionButton(words("recovery.try")) {
                await model.handle(.checkRecoveryCode(typed))
                typed = ""
            }
            if state.notice == .recoveryRight { Text(words("settings.recovery.right")) }
            if state.paperIsUnchecked { Text(words("backup.code.unchecked")).foregroundStyle(Look.danger) }
            Text(words("recovery.old_is_dead")).font(.footnote)
            ActionButton(words("recovery.new")) { await model.handle(.newRecoveryCode) }
            if state.notice == .recoveryMade { Text(words("settings.recovery.made")) }
        }
    }

    private var screen: some View {
        Section(words("settings.screen")) {
            Toggle(words("settings.hide_codes"), isOn: toggle(state.preferences.hidesCodes) { .hideCodes($0) })
            Text(words("settings.hide_codes.detail")).font(.footnote).foregroundStyle(.secondary)
            Picker(words("settings.language"), selection: language) {
                Text(words("settings.language.system")).tag(Language?.none)
                Text(words("settings.language.english")).tag(Language?.some(.english))
                Text(words("settings.language.japanese")).tag(Language?.some(.japanese))
            }
        }
    }

    private var signIns: some View {
        Section(words("settings.sign_ins")) {
            Toggle(
                words("background.switch"), isOn: toggle(state.preferences.checksInBackground) { .background($0) })
            Text(words("background.can")).font(.footnote)
            Text(words("background.cannot")).font(.footnote)
            Text(words("background.no_push")).font(.footnote)
            if !state.notificationsAllowed { notificationsFix }
            if !state.backgroundAllowed {
                Text(words("background.data")).font(.headline)
                SystemSettingsLink(words("background.data.fix"))
            }
            Toggle(words("settings.names"), isOn: toggle(state.preferences.namesInNotifications) { .names($0) })
            Text(words("settings.names.detail")).font(.footnote).foregroundStyle(.secondary)
            NavigationLink(words("clock.title")) { ClocksView(model: model.clocks, words: words) }
            Text(Self.clock(state.secondsAhead, words)).font(.footnote).foregroundStyle(.secondary)
            NavigationLink(words("history.title")) { HistoryView(model: model.history, words: words) }
            Text(words("history.detail")).font(.footnote).foregroundStyle(.secondary)
        }
    }

    @ViewBuilder private var notificationsFix: some View {
        Text(words("background.notifications")).font(.headline)
        if state.notificationsRefused {
            SystemSettingsLink(words("background.notifications.fix"))
        } else {
            ActionButton(words("background.notifications.fix")) { await model.handle(.allowNotifications) }
        }
    }

    private func toggle(_ value: Bool, _ event: @escaping @MainActor (Bool) -> SettingsModel.Event) -> Binding<Bool> {
        Binding(get: { value }, set: { on in Task { await model.handle(event(on)) } })
    }

    private var grace: Binding<UInt64?> {
        Binding(get: { state.preferences.graceSeconds }, set: { value in Task { await model.handle(.grace(value)) } })
    }

    private var language: Binding<Language?> {
        Binding(get: { state.preferences.language }, set: { value in Task { await model.handle(.language(value)) } })
    }

    static func clock(_ secondsAhead: Int64?, _ words: Words) -> String {
        switch secondsAhead {
        case nil: words("settings.clock.unknown")
        // Servers tell whole seconds.
        case .some(-1...1): words("settings.clock.right")
        case .some(let seconds) where seconds > 0: words("settings.clock.ahead", ["seconds": String(seconds)])
        case .some(let seconds): words("settings.clock.behind", ["seconds": String(-seconds)])
        }
    }

    private func key(_ seconds: UInt64?) -> String {
        switch seconds {
        case 0: "settings.grace.at_once"
        case 30: "settings.grace.half_minute"
        case 120: "settings.grace.two_minutes"
        case 600: "settings.grace.ten_minutes"
        default: "settings.grace.never"
        }
    }
}
