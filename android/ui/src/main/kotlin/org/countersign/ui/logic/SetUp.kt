package org.countersign.ui.logic

import java.nio.ByteBuffer
import org.countersign.core.CountersignException
import org.countersign.core.Job
import org.countersign.core.Odd
import org.countersign.core.Outcome
import org.countersign.core.Question
import org.countersign.core.Reason
import org.countersign.core.Recognised
import org.countersign.core.Scanned
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.Found
import org.countersign.ui.screens.TimedCode
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.TypedAccount

/** Adds what a set-up code holds. Shows pages by [show]; [ask] shows one and waits for the person. */
internal class SetUp(
    private val session: Session,
    private val show: (AddState) -> Unit,
    private val ask: suspend (AddState) -> Answer,
) {
    private val core get() = session.core

    /** The page before anything is added. */
    fun confirmation(scanned: Scanned, about: Recognised): AddState {
        val origin = about.origin
        return if (about.kind == ORGANISATION && origin != null) {
            AddState.Organisation(about.issuer, origin.shown())
        } else {
            AddState.Confirm(scanned.shown("0"))
        }
    }

    suspend fun add(scanned: Scanned, replace: Boolean) {
        val about = scanned.describe()
        when {
            about.kind == ORGANISATION -> store(scanned, about, replace)
            about.system != null -> enrol(scanned, about.odd)
            else -> {
                val added = core.add(scanned, session.now())
                show(added(added.id, already = !added.added, odd = added.odd))
            }
        }
    }

    private suspend fun enrol(scanned: Scanned, odd: List<Odd>) {
        show(AddState.Working)
        val device = session.platform.device
        val job = Job.Enrol(scanned, device.label, device.kind, device.allowPlainHttp)
        val ended = session.run(job, ::answer) ?: return
        when (val outcome = ended.outcome) {
            is Outcome.Enrolled -> show(added(checkNotNull(ended.added), already = false, odd = odd))
            is Outcome.Refused -> show(AddState.Failed(outcome.reason.named()))
            is Outcome.Unknown -> show(AddState.Failed(outcome.reason.named(), unknown = true))
            else -> error("$outcome is no end of a set-up")
        }
    }

    private suspend fun answer(question: Question): Answer = when (question) {
        is Question.Trust ->
            ask(AddState.Trust(question.origin.shown(), question.organisation, question.system))
        is Question.Client -> ask(AddState.Client(question.origin.shown(), question.id, question.refused))
        else -> Answer.None
    }

    private fun store(scanned: Scanned, about: Recognised, replace: Boolean) {
        val origin = checkNotNull(about.origin) { "an organisation has one" }
        try {
            // The person has said yes to the origin that the screen showed.
            core.storeOrganisation(scanned, origin.text, replace, session.now())
            show(AddState.OrganisationStored)
        } catch (error: CountersignException.Refused) {
            if (error.reason != Reason.ORGANISATION_EXISTS) throw error
            show(AddState.Organisation(about.issuer, origin.shown(), replaces = true))
        }
    }

    private fun added(id: String, already: Boolean, odd: List<Odd>): AddState.Added {
        val summary = core.summary(id, session.now())
        val code = if (summary.codes) code(id) else null
        val approvals = core.details(id, session.now()).approvals
        return AddState.Added(
            id, summary.issuer, summary.name, already, code, approvals != null,
            scanned = approvals?.can?.look == false, odd.shown(),
        )
    }

    /** The code by time of an account. */
    fun code(id: String): TimedCode? = core.codes(listOf(id), session.now()).single()?.shown()
}

/** What was found, under a [key] that tells several apart. */
internal fun Scanned.shown(key: String): Found {
    val about = describe()
    return Found(key, about.issuer.orEmpty(), about.account.orEmpty(), about.system != null, about.odd.shown())
}

/** The Key URI of an account that was typed by hand, wiped with what was typed once [read] has it. */
internal inline fun <T> setupText(account: TypedAccount, read: (ByteBuffer) -> T): T {
    val label = listOf(account.issuer, account.name).filter { it.isNotBlank() }
        .joinToString(":") { it.trim().escaped() }
    val counted = if (account.counter) "&counter=0" else "&period=${account.period}"
    val issuer = if (account.issuer.isBlank()) "" else "&issuer=${account.issuer.trim().escaped()}"
    val start = "otpauth://${if (account.counter) "hotp" else "totp"}/$label?secret="
    val end = "&digits=${account.digits}&algorithm=${account.algorithm.name.uppercase()}$counted$issuer"
    val secret = account.secret.chars
    val text = CharArray(start.length + secret.size + end.length)
    start.toCharArray(text, 0)
    secret.copyInto(text, start.length)
    end.toCharArray(text, start.length + secret.size)
    account.secret.wipe()
    return spent(Typed(text), read)
}

/** Percent-encoded (RFC 3986), all but what is never special. */
internal fun String.escaped() = encodeToByteArray().joinToString("") { byte ->
    val char = byte.toInt().toChar()
    if (byte >= 0 && (char.isLetterOrDigit() || char in "-._~")) "$char" else "%%%02X".format(byte)
}

private const val ORGANISATION = "organisation"
