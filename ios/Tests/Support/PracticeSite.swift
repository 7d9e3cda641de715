import Countersign
import CountersignKit
import Foundation

/// A practice site on a free port, with its database in memory.
public final class PracticeSite: Sendable {
    public let base: String
    private let program: Program

    public init(_ options: [String] = []) {
        program = Program([Self.command] + options)
        base = program.readLine()
        precondition(base.hasPrefix("http"), "\(Self.command) does not start")
    }

    public func stop() { program.stop() }

    /// `PRACTICE_SITE`, or the one that was built with the library.
    private static let command: String = {
        if let named = ProcessInfo.processInfo.environment["PRACTICE_SITE"] { return named }
        let folder = try? String(contentsOfFile: repository + "/ios/Generated/library-folder", encoding: .utf8)
        return (folder ?? "").trimmingCharacters(in: .newlines) + "/examples/serve"
    }()
}

/// A browser at the practice site: follows links, keeps the cookie, sends forms.
public final class Browser: @unchecked Sendable {
    public private(set) var page = ""
    public let base: String
    private var cookie = ""
    private let sender = URLSessionSender()

    public init(_ site: PracticeSite) async throws {
        base = site.base
        try await get("/")
    }

    public func get(_ path: String) async throws {
        try await load(.get, base + path)
    }

    public func post(_ path: String, _ fields: [String: String] = [:]) async throws {
        var form = URLComponents()
        form.queryItems = fields.map(URLQueryItem.init) + [URLQueryItem(name: "csrf", value: csrf)]
        try await load(.post, base + path, Data(form.percentEncodedQuery!.utf8))
    }

    public func signIn(_ name: String = "alice") async throws {
        try await post("/sign-in", ["name": name, "password": "practice"])
    }

    /// To the page with the QR code; its text.
    public func setUp() async throws -> String {
        try await get("/setup/app")
        try await post("/setup/scan")
        return between("<textarea id=\"qr-text\" readonly rows=\"5\" spellcheck=\"false\">", "</textarea>")
    }

    public var number: String { between("<p id=\"number\">", "</p>") }
    public var title: String { between("<h1>", "</h1>") }
    private var csrf: String { between("name=\"csrf\" value=\"", "\"") }

    private func load(_ method: HttpMethod, _ url: String, _ form: Data? = nil) async throws {
        let headers = [("Cookie", cookie), ("Content-Type", "application/x-www-form-urlencoded")]
        let request = HttpRequest(
            method: method, url: url, headers: headers.map(HttpHeader.init), body: form, timeoutMs: 20_000,
            maxReplyBytes: 1_000_000)
        guard case .reply(let reply) = await sender.send(request) else { preconditionFailure("no reply: \(url)") }
        if let set = reply.header("set-cookie") { cookie = String(set.prefix { $0 != ";" }) }
        if let place = reply.header("location") { return try await load(.get, base + place) }
        page = String(decoding: reply.body, as: UTF8.self)
        precondition(reply.status == 200, "\(url): \(reply.status)")
    }

    private func between(_ start: String, _ end: String) -> String {
        guard let from = page.range(of: start), let to = page.range(of: end, range: from.upperBound..<page.endIndex)
        else { preconditionFailure("no \(start) in \(page)") }
        return page[from.upperBound..<to.lowerBound]
            .replacingOccurrences(of: "&#38;", with: "&").replacingOccurrences(of: "&amp;", with: "&")
    }
}

extension HttpReply {
    fileprivate func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }
}
