package org.countersign.app

import android.net.ConnectivityManager
import java.net.CookieHandler
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import org.countersign.core.Event
import org.countersign.core.HttpMethod
import org.countersign.core.HttpRequest
import org.countersign.core.NetworkFailure
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** The sender of `ui` as the phone gets it; what it does with every kind of reply is tested there. */
@RunWith(RobolectricTestRunner::class)
class SenderTest {
    private val context = RuntimeEnvironment.getApplication()

    private fun request(url: String) = HttpRequest(HttpMethod.GET, url, emptyList(), null, 10_000u, 100u)

    @Test
    fun `without a network nothing is tried`() {
        shadowOf(context.service<ConnectivityManager>()).setDefaultNetworkActive(false)
        shadowOf(context.service<ConnectivityManager>()).clearAllNetworks()
        assertEquals(Event.NoReply(NetworkFailure.OFFLINE), context.sender().send(request("http://127.0.0.1:1/")))
    }

    @Test
    fun `a redirect with a cookie comes back as it is`() = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
        thread(isDaemon = true) {
            server.accept().use { client ->
                client.getInputStream().read(ByteArray(4_096))
                val reply = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
                client.getOutputStream().write(reply.toByteArray())
            }
        }
        val reply = assertIs<Event.Reply>(context.sender().send(request("http://127.0.0.1:${server.localPort}/"))).reply
        assertEquals(302u, reply.status)
        assertNull(CookieHandler.getDefault())
    }
}
