import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// The sender against a small server that does what a good one doesn't.
@Suite struct SenderTests {
    static let server = """
        import socket, sys, threading, time
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        big = b"HTTP/1.1 200 OK\\r\\n\\r\\n" + b"x" * 100_000
        def serve(connection):
            path = connection.recv(65536).split(b" ")[1]
            if path == b"/redirect":
                connection.sendall(b"HTTP/1.1 302 Found\\r\\nLocation: /big\\r\\nContent-Length: 0\\r\\n\\r\\n")
            elif path == b"/big":
                connection.sendall(big)
            elif path == b"/cut":
                connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nhalf")
            elif path == b"/drip":
                connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\n")
                for _ in range(100):
                    connection.sendall(b"x")
                    time.sleep(0.1)
            elif path == b"/cookie":
                connection.sendall(b"HTTP/1.1 200 OK\\r\\nSet-Cookie: a=b\\r\\nContent-Length: 2\\r\\n\\r\\nok")
            connection.close()
        while True:
            threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
        """
    let program = Program(["python3", "-c", Self.server])
    let base: String

    init() { base = "http://127.0.0.1:" + program.readLine() }

    func send(_ path: String, limit: UInt64 = 1000, timeoutMs: UInt64 = 5000) async -> Event {
        await URLSessionSender().send(
            HttpRequest(
                method: .get, url: path.hasPrefix("http") ? path : base + path, headers: [], body: nil,
                timeoutMs: timeoutMs, maxReplyBytes: limit))
    }

    @Test func aRedirectIsNotFollowed() async {
        guard case .reply(let reply) = await send("/redirect") else {
            Issue.record("no reply")
            return
        }
        #expect(reply.status == 302)
    }

    @Test func aLongAnswerIsGivenUp() async {
        #expect(await send("/big") == .noReply(failure: .tooLarge))
        guard case .reply(let reply) = await send("/big", limit: 100_000) else {
            Issue.record("no reply")
            return
        }
        #expect(reply.body.count == 100_000)
    }

    @Test func anAnswerThatStopsIsCut() async {
        #expect(await send("/cut") == .noReply(failure: .cut))
    }

    @Test func theTimeIsOneForTheWholeAnswer() async {
        #expect(await send("/drip", timeoutMs: 500) == .noReply(failure: .timedOut))
    }

    @Test func nobodyThere() async {
        #expect(await send("http://127.0.0.1:1/") == .noReply(failure: .notConnected))
        #expect(await send("http://no-such-host.invalid/") == .noReply(failure: .nameUnknown))
        #expect(await send("not an address") == .noReply(failure: .notConnected))
    }

    @Test func aTaskThatIsCancelledIsInterrupted() async {
        let task = Task { await send("/drip") }
        try? await Task.sleep(for: .milliseconds(200))
        task.cancel()
        #expect(await task.value == .noReply(failure: .interrupted))
    }
}
