public struct Text: View, _Primitive {
    public typealias Body = Never
    let text: String
    @_disfavoredOverload public init<S: StringProtocol>(_ content: S) { text = String(content) }
    public init(_ key: LocalizedStringKey) { text = key.key }
    public func _read(_ reading: _Reading) -> [String] { [text] }
    public func font(_ font: Font?) -> Text { self }
    public func bold() -> Text { self }
    public func monospaced() -> Text { self }
    public func monospacedDigit() -> Text { self }
}

public struct LocalizedStringKey: ExpressibleByStringLiteral, Sendable {
    let key: String
    public init(stringLiteral key: String) { self.key = key }
}

public struct Image: View, _Primitive {
    public typealias Body = Never
    public init(systemName: String) {}
    public func _read(_ reading: _Reading) -> [String] { [] }
}

public struct Label: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol>(_ title: S, systemImage: String) { _content = _Container { _ in [String(title)] } }
}

public struct ButtonRole: Equatable, Sendable {
    let name: String
    public static let destructive = ButtonRole(name: "destructive")
    public static let cancel = ButtonRole(name: "cancel")
}

public struct Button: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<L: View>(
        role: ButtonRole? = nil, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L
    ) {
        let label = label()
        _content = _Container { reading in
            let texts = _texts(label, reading)
            return reading == .measured ? texts.map { "\(Int(_height(of: label))) pt: \($0)" } : texts
        }
    }
    public init<S: StringProtocol>(_ title: S, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void) {
        self.init(role: role, action: action) { Text(title) }
    }
}

public struct TextField: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol>(_ title: S, text: Binding<String>) { _content = _Container { _ in [String(title)] } }
}

public struct SecureField: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol>(_ title: S, text: Binding<String>) { _content = _Container { _ in [String(title)] } }
}

public struct Toggle: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol>(_ title: S, isOn: Binding<Bool>) { _content = _Container { _ in [String(title)] } }
}

public struct Picker<Selection: Hashable>: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol, C: View>(
        _ title: S, selection: Binding<Selection>, @ViewBuilder content: () -> C
    ) {
        let content = content()
        _content = _Container { [String(title)] + _texts(content, $0) }
    }
}

public struct ProgressView: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol>(_ title: S) { _content = _Container { _ in [String(title)] } }
}

public struct LabeledContent: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<A: StringProtocol, B: StringProtocol>(_ title: A, value: B) {
        _content = _Container { _ in [String(title), String(value)] }
    }
}

public struct NavigationLink: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol, D: View>(_ title: S, @ViewBuilder destination: () -> D) {
        _content = _Container { _ in [String(title)] }
    }
}
