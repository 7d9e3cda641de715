import Countersign
import Testing

/// The call is refused for exactly this reason.
func refused<T>(_ reason: Reason, at place: SourceLocation = #_sourceLocation, _ call: () throws -> T) {
    #expect(throws: CountersignError.Refused(reason: reason), sourceLocation: place) { _ = try call() }
}

/// The call fails with exactly this error.
func fails<T>(_ error: CountersignError, at place: SourceLocation = #_sourceLocation, _ call: () throws -> T) {
    #expect(throws: error, sourceLocation: place) { _ = try call() }
}
