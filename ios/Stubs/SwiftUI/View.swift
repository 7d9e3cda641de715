// Signatures of the part of SwiftUI that the views use, so that they are type-checked and tested without a Mac. There
// is no layout and there are no updates: a view's content can be read, as it is shown or as VoiceOver speaks it.

@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View { public var body: Never { fatalError("no content") } }

/// What a reader of a view wants: what is shown, also with every question opened, or with the buttons marked that say
/// nothing of their height; what is spoken; or what was shown at the end, after which the view is gone.
public enum _Reading: Sendable {
    case shown, opened, measured, spoken, last

    /// What the system draws has the system's sizes.
    var ofSystem: _Reading { self == .measured ? .shown : self }
}

/// A view of the framework itself.
@MainActor public protocol _Primitive {
    func _read(_ reading: _Reading) -> [String]
    /// In points; 0 where its content alone decides.
    var _minHeight: CGFloat { get }
}

extension _Primitive {
    public var _minHeight: CGFloat { 0 }
}

@MainActor func _height<V: View>(of view: V) -> CGFloat {
    (view as? any _Primitive)?._minHeight ?? _height(of: view.body)
}

/// The texts of a view.
@MainActor public func _texts<V: View>(_ view: V, _ reading: _Reading = .shown) -> [String] {
    (view as? any _Primitive)?._read(reading) ?? _texts(view.body, reading)
}

extension View where Self: _Primitive, Body == Never {
    public var body: Never { fatalError("a primitive view") }
}

@MainActor @resultBuilder public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<V: View>(_ view: V) -> V { view }
    @_disfavoredOverload public static func buildBlock<each V: View>(_ views: repeat each V) -> TupleView<repeat each V>
    {
        TupleView(repeat each views)
    }
    public static func buildExpression<V: View>(_ view: V) -> V { view }
    public static func buildIf<V: View>(_ view: V?) -> V? { view }
    public static func buildEither<A: View, B: View>(first: A) -> _ConditionalContent<A, B> { .first(first) }
    public static func buildEither<A: View, B: View>(second: B) -> _ConditionalContent<A, B> { .second(second) }
}

public struct EmptyView: View, _Primitive {
    public typealias Body = Never
    public init() {}
    public func _read(_ reading: _Reading) -> [String] { [] }
}

public struct TupleView<each V: View>: View, _Primitive {
    public typealias Body = Never
    let views: (repeat each V)
    init(_ views: repeat each V) { self.views = (repeat each views) }
    public func _read(_ reading: _Reading) -> [String] {
        var texts: [String] = []
        repeat texts.append(contentsOf: _texts(each views, reading))
        return texts
    }
}

public enum _ConditionalContent<A: View, B: View>: View, _Primitive {
    public typealias Body = Never
    case first(A)
    case second(B)
    public func _read(_ reading: _Reading) -> [String] {
        switch self {
        case .first(let view): _texts(view, reading)
        case .second(let view): _texts(view, reading)
        }
    }
    public var _minHeight: CGFloat {
        switch self {
        case .first(let view): _height(of: view)
        case .second(let view): _height(of: view)
        }
    }
}

extension Optional: View where Wrapped: View {
    public typealias Body = Never
    public var body: Never { fatalError("a primitive view") }
}

extension Optional: _Primitive where Wrapped: View {
    public func _read(_ reading: _Reading) -> [String] { map { _texts($0, reading) } ?? [] }
}

/// A view of the framework with what stands in it.
public struct _Container: View, _Primitive {
    public typealias Body = Never
    let texts: @MainActor (_Reading) -> [String]
    public let _minHeight: CGFloat
    init(minHeight: CGFloat = 0, _ texts: @escaping @MainActor (_Reading) -> [String]) {
        (self.texts, _minHeight) = (texts, minHeight)
    }
    public func _read(_ reading: _Reading) -> [String] { texts(reading) }
}

@MainActor public protocol _Contained: View, _Primitive where Body == Never {
    var _content: _Container { get }
}

extension _Contained {
    public func _read(_ reading: _Reading) -> [String] { _content._read(reading) }
}
