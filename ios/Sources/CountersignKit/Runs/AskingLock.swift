import Foundation

/// The device's lock, of which it is known whether it asks right now. Its prompt takes the app from the front although
/// nobody has left.
final class AskingLock: AppLock, @unchecked Sendable {
    private let device: any AppLock
    private let lock = NSLock()
    private var asking = 0

    init(_ device: any AppLock) { self.device = device }

    var isAvailable: Bool { device.isAvailable }
    var isAsking: Bool { lock.withLock { asking > 0 } }

    func confirm(_ why: String) async -> Bool {
        lock.withLock { asking += 1 }
        defer { lock.withLock { asking -= 1 } }
        return await device.confirm(why)
    }
}
