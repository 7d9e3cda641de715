import CountersignKit
import Foundation

/// Files of other apps, of the repository's own making.
public enum Exports {
    /// Of every file that has one.
    public static let password = "correct horse ü"

    public static func file(_ name: String) -> PickedFile {
        PickedFile(URL(fileURLWithPath: repository + "/tests/fixtures/import/" + name))
    }

    public static func lines(_ name: String) throws -> [PickedFile] {
        let text = try Data(contentsOf: URL(fileURLWithPath: repository + "/tests/fixtures/import/" + name))
        return text.split(separator: UInt8(ascii: "\n")).map { PickedFile(name: name, content: Data($0)) }
    }
}
