import Countersign

/// A file that a password opens.
public struct LockedFile: Equatable, Sendable {
    public let name: String
    public let app: String
    /// A recovery code opens it as well.
    public var takesCode: Bool
    /// How long opening it takes on this phone, about.
    public var seconds: Int
    /// MiB that it wants, where that is more than a file gets without asking.
    public let memoryMib: UInt64?
    let file: LockedImport
    /// What was allowed; 0 is the usual.
    var memoryKib: UInt64 = 0

    public static func == (a: Self, b: Self) -> Bool { a.file === b.file && a.memoryKib == b.memoryKib }
}

/// A file that was not read, and why.
public struct UnreadFile: Equatable, Sendable {
    public let name: String
    public let trouble: Trouble
    /// The limit that it goes over.
    public var over: OverLimit?
}

public struct ImportDone: Equatable, Sendable {
    /// For undoing it; none where nothing was chosen.
    public let id: String?
    public let count: Int
    /// Accounts whose sign-ins are approved again only after a new set-up.
    public let setUps: [ImportRow]
}

public struct ImportState: Equatable, Sendable {
    public enum Stage: Equatable, Sendable {
        case choosing
        case reading(String)
        /// More memory than usual is asked for.
        case memory(LockedFile)
        case locked(LockedFile)
        /// A key is made from the password; how far it is, where that is known.
        case deriving(LockedFile, percent: Int?)
        case preview
        case working
        case done(ImportDone)
        /// No file could be read.
        case failed
    }

    public var stage = Stage.choosing
    /// Only a backup of ours is wanted.
    public let restores: Bool
    /// The apps whose files were read.
    public var apps: [String] = []
    public var madeAt: UnixTime?
    public var rows: [ImportRow] = []
    public var chosen: Set<UInt64> = []
    /// Numbers of the parts that are missing, from 1, of an export in several.
    public var missing: [UInt32] = []
    /// How many parts such an export has.
    public var parts: UInt32 = 0
    public var unread: [UnreadFile] = []
    /// Imports that can be undone, the latest first.
    public var past: [PastImport] = []
    /// How many accounts an undoing took away.
    public var undone: Int?
    public var trouble: Trouble?

    /// Accounts whose sign-ins are approved again only after a new set-up.
    public var setUps: [ImportRow] { rows.filter { $0.needsSetUp != nil } }

    /// Rows that can be taken at all.
    public var takeable: [UInt64] {
        rows.filter { if case .refused = $0.standing { false } else { true } }.map(\.entry)
    }
}

extension LockedImport {
    /// The way on for files that are made on computers: their memory, where it is all that goes over the limits.
    var extraMemoryMib: UInt64? {
        guard overLimit(memoryKib: 0)?.unit == "KiB" else { return nil }
        return costs().map { ($0.memoryKib + 1023) / 1024 }.max()
    }
}
