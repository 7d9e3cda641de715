import Countersign
import Foundation

/// How far this device's clock is from the servers', as the last reply that named its time has shown. Codes by time
/// are refused where it is far off, and nothing else tells why.
public final class ServerClock: @unchecked Sendable {
    private let lock = NSLock()
    private var last: Int64?

    public init() {}

    /// Seconds that the device is ahead of the servers; negative: behind; none: not known. At least so many: the time
    /// that a reply takes counts for neither.
    public var secondsAhead: Int64? { lock.withLock { last } }

    /// A reply to what was sent at one moment and was there at another, by the device's clock.
    func note(_ reply: HttpReply, sent: UnixTime, received: UnixTime) {
        guard let text = reply.header("date"), let time = Self.time(text) else { return }
        // Set while the reply was under way: this one tells nothing.
        guard sent <= received else { return }
        lock.withLock { last = sent > time ? sent - time : received < time ? received - time : 0 }
    }

    /// RFC 9110, section 5.6.7: the form that every server of today sends.
    private static func time(_ text: String) -> UnixTime? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text).map { UnixTime($0.timeIntervalSince1970) }
    }
}
