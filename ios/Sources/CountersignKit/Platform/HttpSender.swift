import Countersign

/// Sends one request as it stands: no redirect is followed, no cookie kept, nothing cached, no more read than wanted.
public protocol HttpSender: Sendable {
    /// `Event.reply` for every answer with a status, `Event.noReply` for everything else.
    func send(_ request: HttpRequest) async -> Event
}
