package org.countersign.core

import java.io.IOException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.net.http.HttpTimeoutException
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.time.Duration

/** A host: keeps device keys, sends over HTTP, and answers questions by what it was told. */
class Host(var core: Authenticator, private val aheadMs: ULong = 0u) {
    val keys = mutableMapOf<String, KeyPair>()
    val asked = mutableListOf<Question>()
    var trust = true
    var presence = true
    var typed = listOf<String>()
    var client: Pair<String, String>? = null

    fun now() = now(steadyMs = steady() + aheadMs)

    /** Begins a job and carries it out; its outcome and its run. */
    fun run(job: Job): Pair<Outcome, RunId> {
        val run = core.begin(job, now())
        return finish(run, core.current(run, now())) to run
    }

    fun finish(run: RunId, from: Turn): Outcome {
        var turn = from
        while (true) {
            val step = turn.step
            if (step is Step.Done) return step.outcome
            turn = step(run, turn)
        }
    }

    /** Carries out a run up to a step of the kind [T]. */
    inline fun <reified T : Step> to(run: RunId): Turn {
        var turn = core.current(run, now())
        while (turn.step !is T) turn = step(run, turn)
        return turn
    }

    fun step(run: RunId, turn: Turn): Turn {
        val event = when (val step = turn.step) {
            is Step.Ask -> return answer(run, turn.number, step.question)
            is Step.Send -> send(step.request)
            is Step.CreateKey -> Event.KeyCreated(keys.getOrPut(step.request.keyId, ::newKey).public.encoded)
            is Step.Sign -> sign(step.request)
            is Step.Wait -> Event.Woke.also { Thread.sleep(step.ms.toLong()) }
            is Step.Done -> error("a run that has ended has no step")
        }
        return core.next(run, turn.number, event, now())
    }

    fun sign(request: SignRequest): Event {
        val pair = keys[request.keyId] ?: return Event.KeyRefused(KeyFailure.GONE)
        val signer = Signature.getInstance("SHA256withECDSA")
        signer.initSign(pair.private)
        signer.update(request.bytes)
        return Event.Signed(signer.sign())
    }

    private fun answer(run: RunId, turn: ULong, question: Question): Turn {
        asked += question
        val client = client
        return when {
            question is Question.Answer && typed.isNotEmpty() -> {
                val first = typed.first()
                typed = typed.drop(1)
                core.answerTyped(run, turn, direct(first), now())
            }
            question is Question.Client && client != null ->
                core.answerClient(run, ClientAnswer(turn, client.first), direct(client.second), now())
            else -> core.next(run, turn, confirmed(question), now())
        }
    }

    private fun confirmed(question: Question) = when (question) {
        is Question.Trust -> Event.Confirmed(trust)
        is Question.Presence -> Event.Confirmed(presence)
        is Question.LockOut -> Event.Confirmed(true)
        is Question.Answer, is Question.Client -> Event.NotAnswered
    }
}

/** The job that sets up an account of the practice site. */
fun enrol(scanned: Scanned) = Job.Enrol(scanned, "Contract test", "android", true)

/** One request, no redirect followed. */
fun send(request: HttpRequest): Event {
    val body = request.body?.let(BodyPublishers::ofByteArray) ?: BodyPublishers.noBody()
    val builder = java.net.http.HttpRequest.newBuilder(URI(request.url)).method(request.method.name, body)
        .timeout(Duration.ofMillis(request.timeoutMs.toLong()))
    request.headers.forEach { builder.header(it.name, it.value) }
    return try {
        val reply = HTTP.send(builder.build(), BodyHandlers.ofByteArray())
        val headers = reply.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        Event.Reply(HttpReply(reply.statusCode().toUInt(), headers, reply.body()))
    } catch (_: HttpTimeoutException) {
        Event.NoReply(NetworkFailure.TIMED_OUT)
    } catch (_: ConnectException) {
        Event.NoReply(NetworkFailure.NOT_CONNECTED)
    } catch (_: IOException) {
        Event.NoReply(NetworkFailure.CUT)
    }
}

private val HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

private fun newKey(): KeyPair =
    KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
