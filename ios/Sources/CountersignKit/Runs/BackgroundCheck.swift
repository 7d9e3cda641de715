import Countersign
import Foundation

/// A look for requests while nobody is there. It tells that one waits: what a label calls the account and no more.
public struct BackgroundCheck: Sendable {
    private let platform: Platform

    public init(_ platform: Platform) { self.platform = platform }

    /// Looks at each account once; how many requests wait. An account that fails keeps no other from its look. `words`
    /// are those of the notification.
    @discardableResult
    public func run(_ words: Words) async throws -> Int {
        let preferences = platform.preferences.load()
        guard preferences.checksInBackground, var key = try await platform.secrets.read(.watchKey) else { return 0 }
        defer { key.wipe() }
        let background = try Background.open(path: platform.vaultPath, watchKey: key)
        var count = 0
        for account in try background.due(now: platform.time.now()) {
            // The system wants its time back.
            try Task.checkCancellation()
            guard let requests = try? await look(background, account) else { continue }
            // The person wants to hear nothing of it for a while. The app shows what waits.
            if try background.isQuiet(account: account, now: platform.time.now()) { continue }
            count += requests.count
            // A sign-in is told also where its name can't be read.
            let label = preferences.namesInNotifications ? try? background.label(account: account) : nil
            for request in requests {
                await platform.notifications.show(id: request.id, title: words("request.title"), body: label ?? "")
            }
        }
        return count
    }

    private func look(_ background: Background, _ account: String) async throws -> [Request] {
        var turn = try background.begin(account: account, now: platform.time.now())
        while true {
            if case .done(let outcome) = turn.step {
                if case .checked(let requests) = outcome { return requests }
                return []
            }
            let event = try await platform.steps.perform(turn.step)
            turn = try background.next(turn: turn.number, event: event, now: platform.time.now())
        }
    }
}
