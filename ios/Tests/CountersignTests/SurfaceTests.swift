import Countersign
import Foundation
import TestSupport
import Testing

/// The generated source, and that the contract tests leave nothing of it out.
@Suite struct SurfaceTests {
    let generated: String

    init() throws { generated = try text("ios/Generated/Countersign/Countersign.swift") }

    @Test func namesAreThoseOfTheSettings() throws {
        // A misspelt setting in uniffi.toml is passed over without a word: what counts is the text.
        #expect(generated.contains("import CountersignFFI"))
        let record = generated.components(separatedBy: "public struct Summary")[1]
        #expect(record.components(separatedBy: "\n}")[0].contains("public let issuer: String"))
        #expect(generated.range(of: #"^    public var (?!errorDescription)"#, options: .regularExpression) == nil)
    }

    @Test func reasonsAreThoseOfTheCore() throws {
        let source = try text("core/src/reason.rs").components(separatedBy: "\nreasons! {")[1]
        let table = source.components(separatedBy: "\n}")[0]
        let reasons = matches(#"(?m)^    (\w+),$"#, in: table).map { $0.prefix(1).lowercased() + $0.dropFirst() }
        #expect(reasons.count > 100 && cases(of: "Reason") == reasons)
    }

    @Test func everyReasonIsExplainedInBothLanguages() throws {
        for language in ["en", "ja"] {
            let words = try text("words/reasons.\(language).properties")
            for reason in cases(of: "Reason") {
                let key = reason.replacingOccurrences(
                    of: "(?<=.)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", with: "_", options: .regularExpression
                ).lowercased()
                #expect(words.contains("\n\(key) = ") && words.contains("\n\(key).next = "), "\(language): \(key)")
            }
        }
    }

    @Test func errorsAreFewAndEachIsMet() throws {
        let errors = cases(of: "CountersignError")
        #expect((1...15).contains(errors.count))
        #expect(try unused(errors) == [])
    }

    @Test func everyExportedItemIsUsedByATest() throws {
        let functions = matches(#"(?m)^(?:open|public|public static) func `?(\w+)`?\("#, in: generated)
            .filter { !$0.hasPrefix("uniffi") && !$0.hasPrefix("FfiConverter") }
        #expect(functions.count > 50)
        #expect(try unused(functions) == [])
        for given in ["Job", "Event", "PushAddress", "Shelf", "Way", "Step", "Question", "Outcome", "Finding"] {
            #expect(try unused(cases(of: given)) == [], "\(given)")
        }
    }

    private func cases(of name: String) -> [String] {
        guard let from = generated.range(of: #"enum \#(name)\b"#, options: .regularExpression) else { return [] }
        let body = generated[from.upperBound...].components(separatedBy: "\n}")[0]
        return matches(#"(?m)^    case `?(\w+)"#, in: body.components(separatedBy: "\n    public var ")[0])
    }

    /// Names that no other contract test speaks of.
    private func unused(_ names: [String]) throws -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let tests = try files.filter { $0.lastPathComponent != "SurfaceTests.swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let spoken = Set(matches(#"\b(\w+)\b"#, in: tests))
        return names.filter { !spoken.contains($0) }
    }
}

private func text(_ path: String) throws -> String {
    try String(contentsOfFile: repository + "/" + path, encoding: .utf8)
}

private func matches(_ pattern: String, in text: String) -> [String] {
    let expression = try! NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
        Range($0.range(at: 1), in: text).map { String(text[$0]) }
    }
}
