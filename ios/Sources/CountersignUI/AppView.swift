import CountersignKit
import SwiftUI

/// The whole app: what an app target shows in its window.
public struct AppView: View {
    private let model: AppModel
    @Environment(\.scenePhase) private var phase

    public init(_ model: AppModel) { self.model = model }

    public var body: some View {
        ZStack {
            screen
            if model.isCovered { cover }
        }
        .tint(Look.accent)
        .environment(\.locale, Locale(identifier: model.words.language.rawValue))
        .task {
            await model.handle(.start)
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await model.handle(.tick)
            }
        }
        .onChange(of: phase) { _, phase in
            Task { await model.handle(phase.event) }
        }
        .onOpenURL { url in Task { await model.handle(.link(url)) } }
    }

    @ViewBuilder private var screen: some View {
        let words = model.words
        switch model.screen {
        case .starting: ProgressView(words("common.working"))
        case .firstRun(let firstRun): FirstRunView(model: firstRun, words: words)
        case .locked(let unlock): UnlockView(model: unlock, words: words)
        case .open(let app): AccountsView(app: app, words: words) { await model.handle(.lock) }
        case .unusable(let trouble):
            Page(words("unusable.title")) { TroubleView(trouble: trouble, words: words) }
        }
    }

    /// Over everything while the app is not at the front: the system's switcher keeps a picture.
    private var cover: some View {
        Look.accent.ignoresSafeArea().accessibilityHidden(true)
    }
}

extension ScenePhase {
    fileprivate var event: AppModel.Event {
        switch self {
        case .active: .active
        case .background: .background
        default: .inactive
        }
    }
}
