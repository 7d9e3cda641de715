public protocol PrimitiveButtonStyle: Sendable {}
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
public struct PlainButtonStyle: PrimitiveButtonStyle {}
public struct BorderlessButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: Self { Self() }
}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle { public static var bordered: Self { Self() } }
extension PrimitiveButtonStyle where Self == PlainButtonStyle { public static var plain: Self { Self() } }
extension PrimitiveButtonStyle where Self == BorderlessButtonStyle { public static var borderless: Self { Self() } }

public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let isHeader = Self(rawValue: 1), isButton = Self(rawValue: 2), isSelected = Self(rawValue: 4)
}

public enum AccessibilityChildBehavior: Sendable { case ignore, combine, contain }
public enum HorizontalEdge: Sendable { case leading, trailing }
public enum ToolbarItemPlacement: Sendable { case primaryAction, navigation, cancellationAction }

public struct ToolbarItem: _Contained {
    public typealias Body = Never
    public let _content: _Container
    public init<C: View>(placement: ToolbarItemPlacement, @ViewBuilder content: () -> C) {
        let content = content()
        _content = _Container { _texts(content, $0.ofSystem) }
    }
}

// Looks and behaviour: the view as it is.
extension View {
    public func font(_ font: Font?) -> some View { self }
    public func bold() -> some View { self }
    public func monospaced() -> some View { self }
    public func monospacedDigit() -> some View { self }
    public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { self }
    public func tint(_ color: Color?) -> some View { self }
    public func padding() -> some View { self }
    public func frame(width: CGFloat? = nil, height: CGFloat? = nil) -> some View { self }
    public func frame(
        maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, alignment: Alignment = .center
    ) -> some View {
        _Container(minHeight: minHeight ?? _height(of: self)) { _texts(self, $0) }
    }
    public func rotationEffect(_ angle: Angle) -> some View { self }
    public func animation<V: Equatable>(_ animation: Animation?, value: V) -> some View { self }
    public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { self }
    public func disabled(_ disabled: Bool) -> some View { self }
    public func privacySensitive(_ sensitive: Bool = true) -> some View { self }
    public func autocorrectionDisabled(_ disable: Bool = true) -> some View { self }
    public func ignoresSafeArea() -> some View { self }
    public func tag<V: Hashable>(_ tag: V) -> some View { self }
    public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View { self }
    public func searchable<S: StringProtocol>(text: Binding<String>, prompt: S) -> some View { self }
    public func refreshable(action: @escaping @Sendable () async -> Void) -> some View { self }
    public func onChange<V: Equatable>(of value: V, _ action: @escaping (V, V) -> Void) -> some View { self }
    public func onAppear(perform action: (() -> Void)? = nil) -> some View { self }
    public func onDisappear(perform action: (() -> Void)? = nil) -> some View {
        _Container(minHeight: _height(of: self)) {
            if $0 == .last { action?() }
            return _texts(self, $0)
        }
    }
    public func onOpenURL(perform action: @escaping (URL) -> Void) -> some View { self }
    public func task(
        priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View { self }
    public func contextMenu<M: View>(@ViewBuilder menuItems: () -> M) -> some View { self }
    public func swipeActions<C: View>(edge: HorizontalEdge, @ViewBuilder content: () -> C) -> some View { self }
}

// What adds texts to a view.
extension View {
    public func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        _Container { [String(title)] + _texts(self, $0) }
    }
    public func toolbar<C: View>(@ViewBuilder content: () -> C) -> some View {
        let content = content()
        return _Container { _texts(content, $0) + _texts(self, $0) }
    }
    public func sheet<C: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> C
    ) -> some View {
        _Container { _texts(self, $0) + (isPresented.wrappedValue ? _texts(content(), $0) : []) }
    }
    public func alert<S: StringProtocol, A: View, M: View>(
        _ title: S, isPresented: Binding<Bool>, @ViewBuilder actions: () -> A, @ViewBuilder message: () -> M
    ) -> some View {
        let (actions, message) = (actions(), message())
        return _Container {
            guard isPresented.wrappedValue || $0 == .opened else { return _texts(self, $0) }
            return _texts(self, $0) + [String(title)] + _texts(message, $0) + _texts(actions, $0.ofSystem)
        }
    }
}

// What VoiceOver speaks.
extension View {
    public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View {
        _Container { $0 == .spoken ? [String(label)] : _texts(self, $0) }
    }
    public func accessibilityValue<S: StringProtocol>(_ value: S) -> some View {
        _Container { _texts(self, $0) + ($0 == .spoken ? [String(value)] : []) }
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View {
        _Container { $0 == .spoken && hidden ? [] : _texts(self, $0) }
    }
    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View {
        _Container { $0 == .spoken && children == .ignore ? [] : _texts(self, $0) }
    }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        _Container { _texts(self, $0) + ($0 == .spoken && traits.contains(.isSelected) ? ["selected"] : []) }
    }
    public func accessibilityAction(_ handler: @escaping () -> Void) -> some View { self }
    public func accessibilityActions<C: View>(@ViewBuilder _ content: () -> C) -> some View {
        let content = content()
        return _Container { _texts(self, $0) + ($0 == .spoken ? _texts(content, $0) : []) }
    }
}
