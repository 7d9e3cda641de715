import Countersign
import Foundation

/// Where the two clocks of `Now` come from. The core reads no clock of its own.
public protocol TimeSource: Sendable {
    func now() -> Now

    /// Returns after so many milliseconds; throws where the task is cancelled.
    func sleep(ms: UInt64) async throws
}

/// The clocks of the device.
public struct SystemTime: TimeSource {
    public init() {}

    public func now() -> Now {
        var steady = timespec()
        // Both count while the device sleeps and are never set back.
        #if os(Linux)
            clock_gettime(CLOCK_BOOTTIME, &steady)
        #else
            clock_gettime(CLOCK_MONOTONIC_RAW, &steady)
        #endif
        let steadyMs = UInt64(steady.tv_sec) * 1000 + UInt64(steady.tv_nsec) / 1_000_000
        return Now(wall: UnixTime(Date().timeIntervalSince1970.rounded(.down)), steadyMs: steadyMs)
    }

    public func sleep(ms: UInt64) async throws {
        try await Task.sleep(for: .milliseconds(ms))
    }
}
