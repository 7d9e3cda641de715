import Countersign
import Foundation
import TestSupport
import Testing

/// The call is refused for exactly this reason.
func refused<T>(_ reason: Reason, at place: SourceLocation = #_sourceLocation, _ call: () throws -> T) {
    #expect(throws: CountersignError.Refused(reason: reason), sourceLocation: place) { _ = try call() }
}

/// The call fails with exactly this error.
func fails<T>(_ error: CountersignError, at place: SourceLocation = #_sourceLocation, _ call: () throws -> T) {
    #expect(throws: error, sourceLocation: place) { _ = try call() }
}

/// The entries of a file that no password opens.
func entries(of file: Data) throws -> ImportBatch {
    guard case .entries(let batch) = try openImport(file: file) else { throw Missing("a password is wanted") }
    return batch
}

/// Opens it to the end.
func run(_ unlocking: ImportUnlocking) throws -> ImportBatch {
    while true {
        switch try unlocking.step() {
        case .working(let done, let of): #expect(done <= of)
        case .done(let batch): return batch
        }
    }
}
