package org.countersign.ui.logic

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import org.countersign.core.Event
import org.countersign.core.HttpHeader
import org.countersign.core.HttpMethod
import org.countersign.core.HttpReply
import org.countersign.core.HttpRequest
import org.countersign.core.NetworkFailure
import org.junit.jupiter.api.AfterEach

class HttpSenderTest {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply { start() }
    private val seen = mutableListOf<String?>()
    private val sender = HttpSender()

    @AfterEach
    fun stop() = server.stop(0)

    private fun serve(answer: HttpExchange.() -> Unit) {
        server.createContext("/") { exchange ->
            seen += exchange.requestURI.path
            exchange.answer()
        }
    }

    private fun HttpExchange.reply(status: Int, body: ByteArray = ByteArray(0)) {
        sendResponseHeaders(status, if (body.isEmpty()) -1 else body.size.toLong())
        responseBody.use { it.write(body) }
    }

    private fun request(method: HttpMethod = HttpMethod.GET, body: ByteArray? = null, timeoutMs: ULong = 60_000u, url: String = "") =
        HttpRequest(
            method, url.ifEmpty { "http://127.0.0.1:${server.address.port}/a" }, listOf(HttpHeader("X-A", "b")), body,
            timeoutMs, 1_000u,
        )

    private fun reply(event: Event): HttpReply = assertIs<Event.Reply>(event).reply

    private fun failure(event: Event) = assertIs<Event.NoReply>(event).failure

    @Test
    fun `what is sent and what comes back`() {
        var received = ByteArray(0)
        var header: String? = null
        serve {
            received = requestBody.readBytes()
            header = requestHeaders.getFirst("X-A")
            responseHeaders.add("X-B", "c")
            reply(201, "hello".toByteArray())
        }
        val reply = reply(sender.send(request(HttpMethod.POST, "body".toByteArray())))
        assertEquals(Triple(201u, "hello", "b"), Triple(reply.status, reply.body.decodeToString(), header))
        assertContentEquals("body".toByteArray(), received)
        assertEquals("c", reply.headers.single { it.name.equals("X-B", ignoreCase = true) }.value)
        assertEquals(201u, reply(sender.send(request(HttpMethod.PUT, "body".toByteArray()))).status)
    }

    @Test
    fun `no redirect is followed, and no cookie kept`() {
        var cookie: String? = null
        serve {
            cookie = requestHeaders.getFirst("Cookie")
            responseHeaders.add("Location", "/b")
            responseHeaders.add("Set-Cookie", "a=b")
            reply(302)
        }
        repeat(2) { assertEquals(302u, reply(sender.send(request())).status) }
        assertEquals(listOf<String?>("/a", "/a"), seen)
        assertNull(cookie)
    }

    @Test
    fun `errors of a server are replies`() {
        serve { reply(503, "busy".toByteArray()) }
        assertEquals("busy", reply(sender.send(request())).body.decodeToString())
        assertEquals(503u, reply(sender.send(request(HttpMethod.POST, ByteArray(0)))).status)
    }

    @Test
    fun `no more is read than is wanted`() {
        serve { reply(200, ByteArray(1_001)) }
        assertEquals(NetworkFailure.TOO_LARGE, failure(sender.send(request())))
    }

    @Test
    fun `a server that says nothing, or hangs up, or is not there`() {
        ServerSocket(0, 5, InetAddress.getLoopbackAddress()).use { silent ->
            val url = "http://127.0.0.1:${silent.localPort}/"
            assertEquals(NetworkFailure.TIMED_OUT, failure(sender.send(request(timeoutMs = 200u, url = url))))
            thread { repeat(3) { runCatching { silent.accept().close() } } }
            assertEquals(NetworkFailure.CUT, failure(sender.send(request(url = url))))
        }
        val free = ServerSocket(0).use { it.localPort }
        assertEquals(NetworkFailure.NOT_CONNECTED, failure(sender.send(request(url = "http://127.0.0.1:$free/"))))
        assertEquals(NetworkFailure.NAME_UNKNOWN, failure(sender.send(request(url = "http://nowhere.invalid/"))))
        assertEquals(NetworkFailure.OFFLINE, failure(HttpSender { false }.send(request())))
    }

    @Test
    fun `nothing is sent twice`() {
        var calls = 0
        ServerSocket(0, 5, InetAddress.getLoopbackAddress()).use { server ->
            thread {
                while (true) {
                    val client = runCatching { server.accept() }.getOrNull() ?: break
                    calls++
                    client.getInputStream().read(ByteArray(1_000))
                    client.close()
                }
            }
            val url = "http://127.0.0.1:${server.localPort}/"
            assertEquals(
                NetworkFailure.CUT, failure(sender.send(request(HttpMethod.POST, "x".toByteArray(), url = url))),
            )
        }
        assertEquals(1, calls)
    }
}
