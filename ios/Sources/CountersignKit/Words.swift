import Countersign
import Foundation

/// Every text of the screens in one language, and of the core's reasons. The files are shared with the Android app.
public struct Words: Sendable {
    public let language: Language
    private let texts: [String: String]

    public init(_ language: Language) {
        self.language = language
        texts = ["app", "reasons"].reduce(into: [:]) { texts, file in
            let name = "\(file).\(language.rawValue)"
            guard let url = Bundle.module.url(forResource: name, withExtension: "properties"),
                let content = try? String(contentsOf: url, encoding: .utf8)
            else { return }
            texts.merge(Self.read(content)) { first, _ in first }
        }
    }

    /// In the language that the person has set, or the system's.
    static func of(_ platform: Platform) -> Words { Words(platform.preferences.load().language ?? .system) }

    /// The text of a key, its `{placeholders}` filled in. A key that is not there is shown as it is: a test sees it.
    public func callAsFunction(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        values.reduce(texts[key] ?? key) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }

    /// The text of a key that has one form for one and another for many.
    public func counted(_ key: String, _ count: Int) -> String {
        count == 1 ? self(key + ".one") : self(key + ".many", ["count": String(count)])
    }

    /// What a reason is.
    public func what(_ reason: Reason) -> String { self(Self.key(reason)) }

    /// What to do about a reason: the next tap.
    public func next(_ reason: Reason) -> String { self(Self.key(reason) + ".next") }

    /// An account, by its issuer and its name.
    public func name(_ issuer: String, _ name: String) -> String {
        issuer.isEmpty ? name : self("list.pair", ["first": issuer, "second": name])
    }

    /// A day, as people of the language write it.
    public func day(_ time: UnixTime) -> String { formatted(time, .none) }

    /// A day with its time.
    public func time(_ time: UnixTime) -> String { formatted(time, .short) }

    /// The time without its day.
    public func timeOfDay(_ time: UnixTime) -> String { formatted(time, .short, day: .none) }

    private func formatted(
        _ time: UnixTime, _ timeStyle: DateFormatter.Style, day: DateFormatter.Style = .medium
    ) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: language.rawValue)
        (formatter.dateStyle, formatter.timeStyle) = (day, timeStyle)
        return formatter.string(from: Date(timeIntervalSince1970: TimeInterval(time)))
    }

    public var keys: Set<String> { Set(texts.keys) }

    /// `notASetupCode` as the files spell it: `not_a_setup_code`.
    public static func key(_ value: some Any) -> String {
        let letters = Array("\(value)")
        return letters.indices.reduce(into: "") { key, index in
            let startsWord =
                index > 0 && letters[index].isUppercase
                && (!letters[index - 1].isUppercase
                    || (index + 1 < letters.count && letters[index + 1].isLowercase))
            key += (startsWord ? "_" : "") + letters[index].lowercased()
        }
    }

    /// Lines of `key = value`; `#` begins a comment.
    static func read(_ content: String) -> [String: String] {
        content.split(whereSeparator: \.isNewline).reduce(into: [:]) { texts, line in
            guard !line.hasPrefix("#"), let sign = line.range(of: " = ") else { return }
            texts[String(line[..<sign.lowerBound])] = String(line[sign.upperBound...])
        }
    }
}

public enum Language: String, Sendable, CaseIterable, Codable {
    case english = "en"
    case japanese = "ja"

    /// The first of the system's languages that there are words in.
    public static var system: Language {
        Locale.preferredLanguages.lazy.compactMap { Language(rawValue: String($0.prefix(2))) }.first ?? .english
    }
}

extension String {
    /// Nobody sees anything of it.
    public var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
