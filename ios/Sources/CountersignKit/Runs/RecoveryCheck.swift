import Countersign
import Foundation

/// What the person sees of a new recovery code on its way to paper.
public enum RecoveryPage: Equatable, Sendable {
    /// The eight groups to write down.
    case code([String])
    /// Type one group from the paper: its number, and whether the last try was wrong.
    case check(group: Int, wrong: Bool)
}

/// What the person does about it.
public enum RecoveryEvent {
    case written, showAgain
    case typed(String)
}

/// A new recovery code, from showing it to the check that it was written down.
struct RecoveryCheck {
    private let code: RecoveryCode
    private(set) var page: RecoveryPage

    init(_ code: RecoveryCode) { (self.code, page) = (code, .code(code.groups)) }

    /// Whether the paper has turned out to be right.
    mutating func handle(_ event: RecoveryEvent) -> Bool {
        switch (event, page) {
        case (.written, _): page = .check(group: Int.random(in: 1...8), wrong: false)
        case (.showAgain, _): page = .code(code.groups)
        case (.typed(let text), .check(let group, _)):
            if code.hasGroup(number: UInt32(group), typed: Data(text.utf8)) { return true }
            page = .check(group: group, wrong: true)
        case (.typed, .code): break
        }
        return false
    }
}

extension RecoveryCode {
    var groups: [String] { String(decoding: text(), as: UTF8.self).split(separator: "-").map(String.init) }
}
