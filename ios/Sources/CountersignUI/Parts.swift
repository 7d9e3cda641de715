import Countersign
import CountersignKit
import SwiftUI

/// The app's own look: one accent colour on the system's ground, the same as on Android; red only for what takes away
/// or went wrong.
enum Look {
    static let accentShade = Shade(light: 0x0B5C8A, dark: 0x7CC4F0)
    static let onAccentShade = Shade(light: 0xFFFFFF, dark: 0x00304A)
    static let dangerShade = Shade(light: 0xA4262C, dark: 0xFF9A94)
    static let accent = accentShade.color
    /// What is written on the accent.
    static let onAccent = onAccentShade.color
    static let danger = dangerShade.color
    static let spacing = 16.0
    /// Smallest side of what is tapped, in points.
    static let touch = 44.0
    /// Seconds before the end from which the next code is shown as well, as on Android.
    static let nearEnd = 8
}

/// A colour on light ground, and the one that takes its place on dark ground.
struct Shade {
    let light, dark: Color

    /// Red, green and blue, eight bits each.
    init(light: UInt32, dark: UInt32) {
        (self.light, self.dark) = (Self.color(light), Self.color(dark))
    }

    var color: Color {
        #if canImport(UIKit)
            let (light, dark) = (UIColor(light), UIColor(dark))
            return Color(uiColor: UIColor { $0.userInterfaceStyle == .dark ? dark : light })
        #else
            return light
        #endif
    }

    private static func color(_ rgb: UInt32) -> Color {
        let part = { (bits: UInt32) in Double(rgb >> bits & 0xFF) / 255 }
        return Color(red: part(16), green: part(8), blue: part(0))
    }
}

/// A button of a page whose work takes a while.
struct ActionButton: View {
    let title: String
    var role: ButtonRole?
    let action: @MainActor () async -> Void

    init(_ title: String, role: ButtonRole? = nil, action: @escaping @MainActor () async -> Void) {
        (self.title, self.role, self.action) = (title, role, action)
    }

    var body: some View {
        Button(role: role) {
            Task { await action() }
        } label: {
            // What lies outside of the label is not tapped with it.
            if role == .destructive { text.foregroundStyle(Look.danger) } else { text }
        }
    }

    private var text: some View { Text(title).frame(minHeight: Look.touch) }
}

/// A button that the system draws, of a menu, a question or a swipe.
struct SystemButton: View {
    let title: String
    var role: ButtonRole?
    let action: @MainActor () async -> Void

    init(_ title: String, role: ButtonRole? = nil, action: @escaping @MainActor () async -> Void) {
        (self.title, self.role, self.action) = (title, role, action)
    }

    var body: some View {
        Button(title, role: role) { Task { await action() } }
    }
}

/// The way to what the system lets this app do.
struct SystemSettingsLink: View {
    let title: String

    init(_ title: String) { self.title = title }

    var body: some View {
        #if canImport(UIKit)
            if let settings = URL(string: UIApplication.openSettingsURLString) {
                Link(destination: settings) { label }
            }
        #else
            label
        #endif
    }

    private var label: some View { Text(title).frame(minHeight: Look.touch) }
}

/// The one main action of a page.
struct MainButton: View {
    let title: String
    let action: @MainActor () async -> Void

    init(_ title: String, action: @escaping @MainActor () async -> Void) {
        (self.title, self.action) = (title, action)
    }

    var body: some View {
        Button {
            Task { await action() }
        } label: {
            Text(title).font(.headline).foregroundStyle(Look.onAccent)
                .frame(maxWidth: .infinity, minHeight: Look.touch)
        }
        .buttonStyle(.borderedProminent)
    }
}

/// A page of running text with its buttons, readable at every text size.
struct Page<Content: View>: View {
    let title: String
    let content: Content

    init(_ title: String, @ViewBuilder content: () -> Content) {
        (self.title, self.content) = (title, content())
    }

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Look.spacing) {
                Text(title).font(.largeTitle).bold().accessibilityAddTraits(.isHeader)
                content
            }
            .padding()
            .frame(maxWidth: .infinity, alignment: .leading)
        }
    }
}

/// What did not work, and the next tap.
struct TroubleView: View {
    let trouble: Trouble?
    let words: Words

    var body: some View {
        if let trouble { Warning(what: words.what(trouble), next: words.next(trouble)) }
    }
}

struct Warning: View {
    let what: String
    let next: String

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Label(what, systemImage: "exclamationmark.triangle").font(.headline)
            Text(next).font(.subheadline).foregroundStyle(.secondary)
        }
        .accessibilityElement(children: .combine)
    }
}

/// A QR code that another phone scans. Nobody sees it while the screen is recorded or shown elsewhere.
struct CodeOnScreen: View {
    let picture: Data
    let label: String
    let words: Words
    #if os(macOS)
        private let isCaptured = false
    #else
        @Environment(\.isSceneCaptured) private var isCaptured
    #endif

    var body: some View { CoverableCode(picture: picture, label: label, isCovered: isCaptured, words: words) }
}

struct CoverableCode: View {
    let picture: Data
    /// What VoiceOver says of it.
    let label: String
    let isCovered: Bool
    let words: Words

    var body: some View {
        if isCovered { Text(words("export.captured")).font(.headline) } else { code }
    }

    @ViewBuilder private var code: some View {
        #if canImport(UIKit)
            if let image = UIImage(data: picture) {
                Image(uiImage: image).interpolation(.none).resizable().scaledToFit().accessibilityLabel(label)
            }
        #else
            Image(systemName: "qrcode").accessibilityLabel(label)
        #endif
    }
}

/// The time that is left, as a ring with its seconds.
struct Countdown: View {
    let seconds: Int
    let of: Int
    /// It may be less.
    var isAbout = false
    let words: Words
    @Environment(\.accessibilityReduceMotion) private var reduceMotion

    var body: some View {
        ZStack {
            Circle().stroke(.quaternary, lineWidth: 3)
            Circle().trim(from: 0, to: part).stroke(Look.accent, lineWidth: 3).rotationEffect(.degrees(-90))
                .animation(reduceMotion ? nil : .linear(duration: 1), value: seconds)
            Text(String(seconds)).font(.caption2).monospacedDigit()
        }
        .frame(width: 30, height: 30)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(words.left(seconds, isAbout: isAbout))
    }

    private var part: Double { of > 0 ? min(1, Double(seconds) / Double(of)) : 0 }
}

extension Words {
    func left(_ seconds: Int, isAbout: Bool) -> String {
        counted(isAbout ? "seconds.left.about" : "seconds.left", seconds)
    }
}

extension String {
    /// One character after the other, so that a code is not read out as one large number.
    var spelled: String { map(String.init).joined(separator: " ") }

    /// Two halves, which is how people read a code over.
    var halved: String {
        guard count >= 6 else { return self }
        let half = index(startIndex, offsetBy: (count + 1) / 2)
        return self[..<half] + "\u{2009}" + self[half...]
    }
}

extension Words {
    func name(_ summary: Summary) -> String { name(summary.issuer, summary.name) }

    /// Several things, one after the other; those of which nothing is known leave no gap.
    func listed(_ texts: [String]) -> String {
        let texts = texts.filter { !$0.isBlank }
        return texts.dropFirst().reduce(texts.first ?? "") { self("list.pair", ["first": $0, "second": $1]) }
    }
}

extension View {
    /// Letters are taken as they are typed.
    func literal() -> some View {
        #if os(iOS)
            return autocorrectionDisabled().textInputAutocapitalization(.never)
        #else
            return autocorrectionDisabled()
        #endif
    }

    /// The keyboard for numbers.
    func numeric(_ isNumber: Bool) -> some View {
        #if os(iOS)
            return keyboardType(isNumber ? .numberPad : .default).textContentType(.oneTimeCode)
        #else
            return self
        #endif
    }
}

/// A row of a list of which some are chosen; read aloud as one.
struct ChoosableRow<Content: View>: View {
    let label: String
    let value: String
    let isChosen: Bool
    let choose: @MainActor () async -> Void
    let content: Content

    init(
        _ label: String, value: String, isChosen: Bool, choose: @escaping @MainActor () async -> Void,
        @ViewBuilder content: () -> Content
    ) {
        (self.label, self.value, self.isChosen, self.choose) = (label, value, isChosen, choose)
        self.content = content()
    }

    var body: some View {
        Button {
            Task { await choose() }
        } label: {
            HStack {
                VStack(alignment: .leading, spacing: 4) { content }
                Spacer()
                if isChosen { Image(systemName: "checkmark.circle.fill").foregroundStyle(Look.accent) }
            }
            .frame(minHeight: Look.touch)
        }
        .buttonStyle(.plain)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(label)
        .accessibilityValue(value)
        .accessibilityAddTraits(isChosen ? [.isButton, .isSelected] : .isButton)
    }
}
