import Countersign
import CountersignKit
import Foundation

/// A new vault in a folder of its own, unlocked, with the platform's way in and a recovery code.
public final class TestVault: Sendable {
    public static let key = Data(0..<32)
    public static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    public let folder: URL
    public let path: String
    public let core: Authenticator
    public let recoveryCode: RecoveryCode

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("vault.db").path
        let created = try createWithPlatform(path: path, key: Self.key, now: now())
        core = created.authenticator
        recoveryCode = created.recoveryCode!
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The same vault as another process sees it, unlocked.
    public func reopened() throws -> Authenticator {
        let core = try Authenticator.open(path: path)
        _ = try core.unlock(opened: core.openByPlatform(key: Self.key), known: nil, now: now())
        return core
    }

    /// Another process that writes until it is stopped: locks of files are a process's own.
    public func held() -> Program {
        let hold = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1], isolation_level=None).execute("BEGIN IMMEDIATE")
            print(flush=True)
            sys.stdin.read()
            """
        let other = Program(["python3", "-c", hold, path])
        _ = other.readLine()
        return other
    }

    @discardableResult
    public func add(_ name: String = "alice", _ parameters: String = "") throws -> String {
        try core.add(scanned: totp(name, parameters), now: now()).id
    }
}

/// The two clocks, or others, or a steady clock that is ahead.
public func now(wall: UnixTime? = nil, steadyMs: UInt64? = nil, aheadMs: UInt64 = 0) -> Now {
    let read = SystemTime().now()
    return Now(wall: wall ?? read.wall, steadyMs: (steadyMs ?? read.steadyMs) + aheadMs)
}

/// A set-up code.
public func totp(_ name: String, _ parameters: String = "") -> Scanned {
    scan("otpauth://totp/Example:\(name)?secret=\(TestVault.secret)&issuer=Example\(parameters)")
}

public func scan(_ text: String) -> Scanned { recognise(text: Data(text.utf8)) }

/// A file of test vectors, which the tests of every language read.
public func vectors<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    let file = try Data(contentsOf: URL(fileURLWithPath: repository + "/tests/vectors/" + name))
    return try JSONDecoder().decode(type, from: file)
}
