import Countersign
import Foundation

/// A look for requests while nobody is there. It tells that one waits: what a label calls the account and no more.
public struct BackgroundCheck: Sendable {
    private let platform: Platform

    public init(_ platform: Platform) { self.platform = platform }

    /// Each that is under way has the vault's file open and a request at a server.
    static let atATime = 16

    /// Looks at each account once, at several at once: the system gives half a minute, which a server that is silent
    /// may take for itself. How many requests wait. An account that fails keeps no other from its look. `words` are
    /// those of the notification.
    @discardableResult
    public func run(_ words: Words) async throws -> Int {
        guard platform.preferences.load().checksInBackground, var key = try await platform.secrets.read(.watchKey)
        else { return 0 }
        defer { key.wipe() }
        let due = try Background.open(path: platform.vaultPath, watchKey: key).due(now: platform.time.now())
        return await withTaskGroup(of: Int.self) { [key] group in
            var waiting = due.makeIterator()
            func begin() {
                guard let account = waiting.next() else { return }
                // Nobody is there to be told why it failed, and nothing is lost by it: the request waits at its server, and
                // what could not be recorded is due again at the next look, or once the app is open.
                group.addTask { (try? await tell(account, key, words)) ?? 0 }
            }
            for _ in 0..<Self.atATime { begin() }
            var told = 0
            while let count = await group.next() {
                told += count
                begin()
            }
            return told
        }
    }

    /// Tells the requests of one account that the person wants to hear of; how many they are.
    private func tell(_ account: String, _ key: Data, _ words: Words) async throws -> Int {
        // One does one look at a time.
        let background = try Background.open(path: platform.vaultPath, watchKey: key)
        let requests = try await look(background, account)
        // The person wants to hear nothing of it for a while. The app shows what waits.
        if try background.isQuiet(account: account, now: platform.time.now()) { return 0 }
        // A sign-in is told also where its name can't be read.
        let isNamed = platform.preferences.load().namesInNotifications
        let label = isNamed ? try? background.label(account: account) : nil
        for request in requests {
            let seen = SeenRequest(account: account, request: request)
            await platform.notifications.show(id: seen.key, title: words("request.title"), body: label ?? "")
        }
        return requests.count
    }

    private func look(_ background: Background, _ account: String) async throws -> [Request] {
        var turn = try background.begin(account: account, now: platform.time.now())
        while true {
            if case .done(let outcome) = turn.step {
                if case .checked(let requests, _) = outcome { return requests }
                return []
            }
            let event = try await platform.steps.perform(turn.step)
            // What was found is recorded with the last turn, and told after that. Where it can't be, this look has
            // failed: it tells nothing, and the account is due again at the next one.
            turn = try whileInUse { try background.next(turn: turn.number, event: event, now: platform.time.now()) }
        }
    }
}
