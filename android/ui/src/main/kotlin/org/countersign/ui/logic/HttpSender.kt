package org.countersign.ui.logic

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.ConnectException
import java.net.HttpURLConnection
import java.net.NoRouteToHostException
import java.net.SocketTimeoutException
import java.net.URI
import java.net.UnknownHostException
import javax.net.ssl.SSLException
import org.countersign.core.Event
import org.countersign.core.HttpHeader
import org.countersign.core.HttpReply
import org.countersign.core.HttpRequest
import org.countersign.core.NetworkFailure

/**
 * Sends over the system's own HTTP: it goes by the certificates and the proxy of the device. Nothing is followed, kept
 * or repeated, and no more is read than is wanted.
 */
class HttpSender(private val online: () -> Boolean = { true }) : Sender {
    override fun send(request: HttpRequest): Event {
        if (!online()) return Event.NoReply(NetworkFailure.OFFLINE)
        val connection = URI(request.url).toURL().openConnection() as HttpURLConnection
        val deadline = System.nanoTime() + request.timeoutMs.toLong() * 1_000_000
        return try {
            connection.prepare(request)
            try {
                connection.connect()
            } catch (error: IOException) {
                return Event.NoReply(error.beforeSending())
            }
            request.body?.let { body -> connection.outputStream.use { it.write(body) } }
            connection.reply(request, deadline)
        } catch (_: SocketTimeoutException) {
            Event.NoReply(NetworkFailure.TIMED_OUT)
        } catch (_: IOException) {
            Event.NoReply(NetworkFailure.CUT)
        } finally {
            connection.disconnect()
        }
    }

    private fun HttpURLConnection.prepare(request: HttpRequest) {
        instanceFollowRedirects = false
        useCaches = false
        connectTimeout = request.timeoutMs.toInt()
        readTimeout = request.timeoutMs.toInt()
        requestMethod = request.method.name
        request.headers.forEach { setRequestProperty(it.name, it.value) }
        request.body?.let { body ->
            doOutput = true
            // With a known length the body is not kept, and so can't be sent a second time either.
            setFixedLengthStreamingMode(body.size)
        }
    }

    private fun HttpURLConnection.reply(request: HttpRequest, deadline: Long): Event {
        val status = responseCode
        if (status < 0) return Event.NoReply(NetworkFailure.CUT)
        val body = ByteArrayOutputStream()
        val buffer = ByteArray(8_192)
        (errorStream ?: if (status < 400) inputStream else null)?.use { stream ->
            while (true) {
                val count = stream.read(buffer)
                if (count < 0) break
                body.write(buffer, 0, count)
                if (body.size().toULong() > request.maxReplyBytes) return Event.NoReply(NetworkFailure.TOO_LARGE)
                if (System.nanoTime() > deadline) return Event.NoReply(NetworkFailure.TIMED_OUT)
            }
        }
        // The status line has no name.
        val named = headerFields.filterKeys { it != null }
        val headers = named.flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        return Event.Reply(HttpReply(status.toUInt(), headers, body.toByteArray()))
    }

    private fun IOException.beforeSending() = when (this) {
        is UnknownHostException -> NetworkFailure.NAME_UNKNOWN
        is ConnectException, is NoRouteToHostException, is SocketTimeoutException -> NetworkFailure.NOT_CONNECTED
        is SSLException -> NetworkFailure.TLS_FAILED
        else -> NetworkFailure.CUT
    }

    private companion object {
        init {
            // A kept connection may turn out dead: what was sent over it would be repeated by the system, or count as
            // cut.
            System.setProperty("http.keepAlive", "false")
        }
    }
}
