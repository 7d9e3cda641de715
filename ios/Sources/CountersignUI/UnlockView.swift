import Countersign
import CountersignKit
import SwiftUI

struct UnlockView: View {
    let model: UnlockModel
    let words: Words
    @State private var typed = ""

    var body: some View {
        Page(words("unlock.title")) {
            if model.state.requestWaits { Label(words("unlock.request_waits"), systemImage: "bell.badge") }
            switch model.state.way {
            case .platform:
                Text(words("unlock.device.body"))
                MainButton(words("unlock.device")) { await model.handle(.device) }
            case .password:
                SecureField(words("password.label"), text: $typed)
                MainButton(words("unlock.open")) { await open(.password(typed)) }
            case .recovery:
                TextField(words("recovery.code"), text: $typed).literal()
                MainButton(words("unlock.open")) { await open(.recoveryCode(typed)) }
            }
            TroubleView(trouble: model.state.trouble, words: words)
            if model.state.isOlder {
                ActionButton(words("unlock.open_older"), role: .destructive) { await model.handle(.openOlder) }
            }
            if model.state.isWorking { ProgressView(words("common.working")) }
            others
        }
        .disabled(model.state.isWorking)
        .task { if model.state.way == .platform { await model.handle(.device) } }
    }

    private var others: some View {
        ForEach(model.state.ways.filter { $0 != model.state.way }, id: \.self) { way in
            ActionButton(words(way.key)) {
                typed = ""
                await model.handle(.show(way))
            }
        }
    }

    private func open(_ event: UnlockModel.Event) async {
        await model.handle(event)
        typed = ""
    }
}

extension Way {
    fileprivate var key: String {
        switch self {
        case .platform: "unlock.with_device"
        case .password: "unlock.with_password"
        case .recovery: "unlock.with_recovery"
        }
    }
}
