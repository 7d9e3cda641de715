public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom }
public enum Alignment: Sendable { case leading, center, trailing, top, bottom }

public struct VStack: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public struct HStack: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public struct ZStack: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(alignment: Alignment = .center, @ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public struct ScrollView: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(_ axes: Axis.Set = .vertical, @ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public enum Axis: Sendable {
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let horizontal = Self(rawValue: 1), vertical = Self(rawValue: 2)
    }
}

public struct List: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(@ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public struct Form: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(@ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { _texts(content, $0) }
    }
}

public struct NavigationStack: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(@ViewBuilder root: () -> C) {
        let content = root()
        _content = _Container { _texts(content, $0) }
    }
}

public struct Section: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<S: StringProtocol, C: View>(_ title: S, @ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { [String(title)] + _texts(content, $0) }
    }
}

public struct Menu: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View, L: View>(@ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {
        let (content, label) = (content(), label())
        _content = _Container { _texts(label, $0.ofSystem) + _texts(content, $0.ofSystem) }
    }
}

public struct ForEach<Data: RandomAccessCollection, ID: Hashable>: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> C
    ) {
        _content = _Container { reading in data.flatMap { _texts(content($0), reading) } }
    }
    public func onMove(perform action: ((IndexSet, Int) -> Void)?) -> some View { self }
}

public struct Spacer: View, _Primitive {
    public typealias Body = Never
    public init() {}
    public func _read(_ reading: _Reading) -> [String] { [] }
}

public protocol ShapeStyle: Sendable {}
public struct HierarchicalStyle: ShapeStyle {}
extension ShapeStyle where Self == HierarchicalStyle {
    public static var secondary: HierarchicalStyle { HierarchicalStyle() }
    public static var quaternary: HierarchicalStyle { HierarchicalStyle() }
}

public struct Color: View, _Primitive, ShapeStyle {
    public typealias Body = Never
    /// For tests of contrast.
    public let _components: [Double]
    public nonisolated init(red: Double, green: Double, blue: Double) { _components = [red, green, blue] }
    public func _read(_ reading: _Reading) -> [String] { [] }
}

public struct Circle: View, _Primitive {
    public typealias Body = Never
    public init() {}
    public func _read(_ reading: _Reading) -> [String] { [] }
    public func trim(from: CGFloat, to: CGFloat) -> Circle { self }
    public func stroke<S: ShapeStyle>(_ style: S, lineWidth: CGFloat) -> some View { self }
}

public struct Angle: Sendable {
    public static func degrees(_ degrees: Double) -> Angle { Angle() }
}

public struct Animation: Sendable {
    public static func linear(duration: TimeInterval) -> Animation { Animation() }
}

public struct Font: Sendable {
    public static let largeTitle = Font(), title = Font(), title2 = Font(), title3 = Font(), headline = Font()
    public static let subheadline = Font(), footnote = Font(), caption2 = Font()
}
