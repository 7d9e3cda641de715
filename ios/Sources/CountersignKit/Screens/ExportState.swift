import Countersign
import Foundation

/// A file for another app or for paper. It may hold secrets in the clear, of which `Data` tells the length only.
public struct ExportedFile: Equatable, Sendable {
    public let name: String
    public var content: Data
}

/// One of several QR codes that another phone scans.
public struct ExportedCode: Equatable, Sendable {
    /// From 0.
    public let place: Int
    public let count: Int
    /// PNG.
    public var picture: Data
}

public struct ExportState: Equatable, Sendable {
    public enum Stage: Equatable, Sendable {
        case formats
        /// Which accounts, and what the format can't carry of them.
        case accounts
        /// A password, or none.
        case protect
        /// What it means that nothing protects it.
        case plain
        case working
        case file(ExportedFile)
        case code(ExportedCode)
        case done
    }

    public var stage = Stage.formats
    public var format = ExportFormat.otpauth
    public var rows: [ExportRow] = []
    public var chosen: Set<String> = []
    public var passwordsDiffer = false
    public var trouble: Trouble?

    /// Accounts that go, in whole or in part.
    public var carried: [ExportRow] { rows.filter { $0.isCarried && chosen.contains($0.id) } }
    public var leftOut: [ExportRow] { rows.filter { !$0.isCarried } }
    public var partly: [ExportRow] { carried.filter { $0.carried != .whole } }
}

extension ExportFormat {
    /// All of them, in the order in which they are offered.
    public static let all: [ExportFormat] = [.aegis, .twoFas, .google, .otpauth, .cxf, .sheet, .entra]

    /// What it is given; a password makes the key of a format that takes one, which is slow.
    func target(_ password: String?, _ sheet: SheetWords) throws -> ExportTarget {
        var bytes = password.map { Data($0.utf8) }
        defer { bytes?.wipe() }
        return switch self {
        case .otpauth: .otpauth
        case .aegis: .aegis(key: try bytes.map { try AegisKey.derive(password: $0) })
        case .twoFas: .twoFas(key: try bytes.map { try TwoFasKey.derive(password: $0) })
        case .google: .google
        case .cxf: .cxf
        case .sheet: .sheet(words: sheet)
        case .entra: .entra
        }
    }
}

extension ExportRow {
    public var isCarried: Bool { if case .leftOut = carried { false } else { true } }
}

extension Words {
    /// The words of a sheet that is made now.
    func sheet(_ now: UnixTime) -> SheetWords {
        SheetWords(
            language: language.rawValue, title: self("sheet.title"), made: self("import.made", ["day": day(now)]),
            paragraphs: [self("sheet.use"), self("sheet.keep"), self("export.done.sheet")],
            secret: self("sheet.secret"), pin: self("sheet.pin"), digits: self("codes.digits"),
            period: self("sheet.period"), counter: self("sheet.counter"), algorithm: self("sheet.kind"),
            tags: self("account.tags"), note: self("account.note"), favourite: self("sheet.favourite"),
            noCode: self("sheet.no_code"))
    }
}
