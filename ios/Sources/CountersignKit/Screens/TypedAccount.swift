import Countersign
import Foundation

/// An account as it was typed in: names, key, and what few services need besides.
public struct TypedAccount: Sendable, CustomStringConvertible, CustomReflectable {
    public var issuer = ""
    public var name = ""
    public var secret = ""
    public var digits = 6
    public var period = 30
    public var algorithm = CodeAlgorithm.sha1
    public var isCounter = false

    public init() {}

    // The key is in no text of it.
    public var description: String { "TypedAccount" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// As a set-up code (Key URI), which is what the core reads: what is wrong with it is said there.
    func scanned() -> Scanned {
        let label = [issuer, name].filter { !$0.isEmpty }.map(Self.escaped).joined(separator: ":")
        var fields = [
            ("secret", secret), ("issuer", issuer), ("digits", String(digits)),
            ("algorithm", "\(algorithm)".uppercased()),
        ]
        fields.append(isCounter ? ("counter", "0") : ("period", String(period)))
        let query = fields.filter { !$0.1.isEmpty }.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        var text = Data("otpauth://\(isCounter ? "hotp" : "totp")/\(label)?\(query)".utf8)
        defer { text.wipe() }
        return recognise(text: text)
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
