import Countersign
import Foundation

/// An open vault on this phone. Its work is done off the main actor.
public final class Phone: Sendable {
    public let core: Authenticator
    public let platform: Platform
    public let backups: BackupKeeper

    public init(_ core: Authenticator, _ platform: Platform) {
        (self.core, self.platform) = (core, platform)
        backups = BackupKeeper(core, platform)
    }

    public var now: Now { platform.time.now() }

    /// Reads something.
    public func read<T: Sendable>(_ work: @escaping @Sendable (Authenticator, Now) throws -> T) async throws -> T {
        try await Task.detached { [core, platform] in try work(core, platform.time.now()) }.value
    }

    /// Changes something, for a person who is there: the grace time starts anew, the new head is kept, and a backup
    /// follows.
    @discardableResult
    public func change<T: Sendable>(_ work: @escaping @Sendable (Authenticator, Now) throws -> T) async throws -> T {
        let result = try await read { core, now in
            try core.touch(now: now)
            return try work(core, now)
        }
        keepHead()
        await backups.changed()
        return result
    }

    /// Carries out a job with a server.
    public func run(_ job: Job, asking person: any Person = Nobody()) async throws -> Ended {
        let runner = runner
        let task = Task.detached { try await runner.run(job, asking: person) }
        let ended = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        keepHead()
        // A look changes no account.
        if case .check = job {} else { await backups.changed() }
        return ended
    }

    /// What a self-test can't see by itself. Where the person wants no checks in the background, nothing that they need
    /// is missing.
    func hostFacts() async -> HostFacts {
        guard platform.preferences.load().checksInBackground else { return HostFacts() }
        return HostFacts(
            notifications: await platform.notifications.isAllowed(), background: platform.backgroundRefresh.isAllowed)
    }

    /// The owner of the phone is there. Fails with `presenceRefused`.
    func confirmOwner(_ why: String) async throws {
        guard await platform.appLock.confirm(why) else { throw Trouble.reason(.presenceRefused) }
    }

    /// What notifications call an account. It is kept for background checks, and read as they read it.
    func label(of account: String) async throws -> String? {
        try await read { [path = platform.vaultPath] core, now in
            var key = try core.watchKey(now: now)
            defer { key.wipe() }
            return try Background.open(path: path, watchKey: key).label(account: account)
        }
    }

    var runner: StepRunner {
        StepRunner(core, platform.steps)
    }

    func keepHead() { platform.keepHead(of: core) }

    /// The person is there: the grace time starts anew. A vault that is locked stays so.
    func stay() { try? core.touch(now: now) }
}

extension Platform {
    var steps: Steps { Steps(sender: sender, keys: deviceKeys, time: time) }

    /// A head that could not be kept only means that an older copy of the file is noticed later.
    func keepHead(of core: Authenticator) {
        guard let head = try? core.head() else { return }
        try? secrets.write(head.stored, as: .head)
    }
}

extension Head {
    /// The generation, big-endian, and the tag.
    var stored: Data { withUnsafeBytes(of: generation.bigEndian) { Data($0) } + tag }

    init?(stored: Data) {
        guard stored.count == 24 else { return nil }
        let generation = stored.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(generation: generation, tag: Data(stored.suffix(16)))
    }
}

extension Data {
    /// Overwrites what was secret.
    mutating func wipe() { resetBytes(in: startIndex..<endIndex) }
}
