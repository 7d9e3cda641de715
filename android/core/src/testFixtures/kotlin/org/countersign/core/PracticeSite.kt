package org.countersign.core

import java.net.CookieManager
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

/** A practice site on a free port, with its database in memory. */
class PracticeSite(vararg options: String) : AutoCloseable {
    private val process = ProcessBuilder(System.getProperty("practice.site"), *options)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val base: String = process.inputReader().readLine()

    override fun close() {
        process.destroyForcibly().waitFor()
    }
}

/** A browser at the practice site: follows links, keeps the cookie, sends forms. */
class Browser(private val base: String) {
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .cookieHandler(CookieManager()).followRedirects(HttpClient.Redirect.NORMAL).build()
    private var page = ""

    fun get(path: String) = load(HttpRequest.newBuilder(URI(base + path)).build())

    fun post(path: String, vararg fields: Pair<String, String>): Browser {
        val form = (fields.toList() + ("csrf" to between("name=\"csrf\" value=\"", "\"")))
            .joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, Charsets.UTF_8)}" }
        val request = HttpRequest.newBuilder(URI(base + path)).POST(HttpRequest.BodyPublishers.ofString(form))
        return load(request.header("Content-Type", "application/x-www-form-urlencoded").build())
    }

    fun signIn(name: String) = get("/").post("/sign-in", "name" to name, "password" to "practice")

    /** To the page with the QR code; its text. */
    fun setUp(): String {
        get("/setup/app").post("/setup/scan")
        return between("<textarea id=\"qr-text\" readonly rows=\"5\" spellcheck=\"false\">", "</textarea>")
    }

    /** From there to the page with the first number. */
    fun tryOut() = get("/setup/scan").post("/setup/next")

    /** Once more, after the first try ended. */
    fun tryAgain() = get("/setup/try").post("/setup/try")

    fun number() = between("<p id=\"number\">", "</p>")

    fun title() = between("<h1>", "</h1>")

    private fun load(request: HttpRequest): Browser {
        page = http.send(request, BodyHandlers.ofString()).body()
        return this
    }

    private fun between(start: String, end: String): String {
        check(start in page) { "no $start in $page" }
        return page.substringAfter(start).substringBefore(end).replace("&#38;", "&").replace("&amp;", "&")
    }
}
