import Countersign
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `HttpSender` over URLSession, which brings the system's TLS, proxies and certificates.
public final class URLSessionSender: HttpSender {
    private let exchanges = Exchanges()
    private let session: URLSession

    public init() {
        let settings = URLSessionConfiguration.ephemeral
        settings.httpCookieStorage = nil
        settings.httpCookieAcceptPolicy = .never
        settings.httpShouldSetCookies = false
        settings.urlCache = nil
        settings.urlCredentialStorage = nil
        settings.requestCachePolicy = .reloadIgnoringLocalAndRemoteCacheData
        // The system's own would tell its version to everyone.
        settings.httpAdditionalHeaders = ["User-Agent": "Countersign"]
        session = URLSession(configuration: settings, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    public func send(_ request: HttpRequest) async -> Event {
        guard let url = URL(string: request.url) else { return .noReply(failure: .notConnected) }
        var outgoing = URLRequest(url: url, timeoutInterval: Double(request.timeoutMs) / 1000)
        outgoing.httpMethod = request.method.name
        outgoing.httpBody = request.body
        outgoing.httpShouldHandleCookies = false
        for header in request.headers { outgoing.setValue(header.value, forHTTPHeaderField: header.name) }

        let task = session.dataTask(with: outgoing)
        let exchange = Exchange(limit: request.maxReplyBytes, stop: { task.cancel() })
        // URLSession's own limit starts anew with each byte: this one does not.
        let deadline = Task {
            try await Task.sleep(for: .milliseconds(request.timeoutMs))
            exchange.give(up: .timedOut)
        }
        defer { deadline.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                exchange.whenEnded { continuation.resume(returning: $0) }
                exchanges.put(exchange, for: task)
                task.resume()
            }
        } onCancel: {
            exchange.give(up: .interrupted)
        }
    }
}

/// One request on its way. Once it has ended, nothing changes it any more.
private final class Exchange: @unchecked Sendable {
    private let lock = NSLock()
    private let limit: UInt64
    private let stop: @Sendable () -> Void
    private var body = Data()
    private var response: HTTPURLResponse?
    private var ended: Event?
    private var listener: (@Sendable (Event) -> Void)?

    init(limit: UInt64, stop: @escaping @Sendable () -> Void) {
        (self.limit, self.stop) = (limit, stop)
    }

    func whenEnded(_ listener: @escaping @Sendable (Event) -> Void) {
        let already = lock.withLock {
            if ended == nil { self.listener = listener }
            return ended
        }
        if let already { listener(already) }
    }

    func began(_ response: URLResponse) {
        lock.withLock { self.response = response as? HTTPURLResponse }
        if response.expectedContentLength > 0, UInt64(response.expectedContentLength) > limit { give(up: .tooLarge) }
    }

    func received(_ data: Data) {
        let tooLarge = lock.withLock {
            guard ended == nil else { return false }
            if UInt64(body.count + data.count) > limit { return true }
            body.append(data)
            return false
        }
        if tooLarge { give(up: .tooLarge) }
    }

    func completed(_ error: Error?) {
        if let error { return give(up: NetworkFailure(error)) }
        let reply = lock.withLock {
            response.map { HttpReply(status: UInt32(clamping: $0.statusCode), headers: $0.headers, body: body) }
        }
        end(reply.map { .reply(reply: $0) } ?? .noReply(failure: .cut))
    }

    func give(up failure: NetworkFailure) {
        end(.noReply(failure: failure))
        stop()
    }

    private func end(_ event: Event) {
        let listener: (@Sendable (Event) -> Void)? = lock.withLock {
            guard ended == nil else { return nil }
            ended = event
            defer { self.listener = nil }
            return self.listener
        }
        listener?(event)
    }
}

/// Leads what URLSession tells of its tasks to their exchanges.
private final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let lock = NSLock()
    private var open: [Int: Exchange] = [:]

    func put(_ exchange: Exchange, for task: URLSessionTask) {
        lock.withLock { open[task.taskIdentifier] = exchange }
    }

    private func exchange(of task: URLSessionTask) -> Exchange? {
        lock.withLock { open[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        exchange(of: dataTask)?.began(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        exchange(of: dataTask)?.received(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?) {
        lock.withLock { open.removeValue(forKey: task.taskIdentifier) }?.completed(error)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // The redirect itself is the answer, and the core refuses it by name.
        exchange(of: task)?.began(response)
        completionHandler(nil)
    }
}

extension HttpMethod {
    fileprivate var name: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .put: "PUT"
        }
    }
}

extension HTTPURLResponse {
    fileprivate var headers: [HttpHeader] {
        allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
    }
}

extension NetworkFailure {
    /// `offline` to `tlsFailed` promise that nothing was sent: what is not sure is `cut`.
    init(_ error: Error) {
        switch (error as? URLError)?.code {
        case .notConnectedToInternet, .dataNotAllowed, .internationalRoamingOff: self = .offline
        case .cannotFindHost, .dnsLookupFailed: self = .nameUnknown
        case .cannotConnectToHost: self = .notConnected
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            self = .tlsFailed
        case .timedOut: self = .timedOut
        case .cancelled: self = .interrupted
        default: self = .cut
        }
    }
}
