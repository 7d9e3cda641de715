import Foundation
import TestSupport
import Testing

// Files of the repository, as tests read them.

func propertyList(_ path: String) throws -> [String: Any] {
    let list = try PropertyListSerialization.propertyList(from: Data(text(path).utf8), options: [], format: nil)
    return try #require(list as? [String: Any])
}

func text(_ path: String) throws -> String {
    try String(contentsOfFile: repository + path, encoding: .utf8)
}

func matches(_ pattern: String, in text: String) -> [String] {
    let expression = try! NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
        Range($0.range(at: 1), in: text).map { String(text[$0]) }
    }
}
