package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.Ring
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** One sign-in: who asks, where, when; the number; yes or no. */
@Composable
internal fun AskingPage(open: OpenRequest, state: RequestsState, onEvent: (AppEvent) -> Unit) {
    val signIn = open.signIn
    val asking = open.phase as? RequestPhase.Asking
    val answering = open.phase as? RequestPhase.Answering
    // A PIN is not saved with the screen; a number is, for the way to the sign-in page on the same phone and back.
    val secret = signIn.wants is Wanted.Pin
    var typed by if (secret) remember { mutableStateOf("") } else rememberSaveable { mutableStateOf("") }
    LaunchedEffect(asking?.missed, asking?.triesLeft) { if (asking?.missed == true) typed = "" }
    val yes = { onEvent(RequestEvent.Yes(if (signIn.wants == Wanted.Confirmation) null else Typed(typed))) }
    val ready = asking != null && !asking.sudden && fits(signIn.wants, typed)
    Page(
        words("request.title"), onBack = { onEvent(AppEvent.Back) },
        foot = {
            if (signIn.wants !is Wanted.Unsupported) {
                MainButton(words("request.yes"), yes, ready, busy = answering?.yes == true)
            }
            OtherButton(
                words("request.not_me"), { onEvent(RequestEvent.NotMe) }, enabled = asking != null, danger = true,
            )
            // Below the buttons: these are not pushed off the screen by one that comes meanwhile.
            val onOpen = { key: String -> onEvent(RequestEvent.Open(key)) }
            OtherRequests(state.others, Modifier.padding(top = 16.dp), onOpen.takeIf { asking != null })
        },
    ) {
        Facts(signIn)
        if (state.samePhone) Hint(words("requests.same_phone"), icon = Icons.Device)
        if (signIn.question.isNotBlank()) Body(signIn.question)
        Headline(words(titleOf(signIn.wants)))
        AnswerField(
            signIn.wants, typed, { typed = it }, asking != null, missed = asking?.missed == true,
            onDone = { if (ready) yes() },
        )
        if (asking?.missed == true) {
            // A PIN need not be on any page.
            val (what, next) =
                if (secret) "request.missed_pin" to "request.missed_pin.next"
                else "request.missed" to "request.missed.next"
            Refusal(words(what), words(if (asking.triesLeft == 1) "request.missed.last" else next))
        }
        if (asking?.refusal != null) Refusal(asking.refusal)
    }
}

private fun titleOf(wants: Wanted): String = when (wants) {
    Wanted.Number -> "request.enter_number"
    Wanted.Letters -> "request.enter_letters"
    is Wanted.Pin -> "request.enter_pin"
    is Wanted.Word -> "request.choose_word"
    Wanted.Confirmation -> "request.confirm"
    is Wanted.Unsupported -> "request.unsupported"
}

/** Whether something was entered that can be an answer; whether it is right, the core says. */
private fun fits(wants: Wanted, typed: String): Boolean = wants == Wanted.Confirmation || typed.isNotBlank()

@Composable
private fun Facts(signIn: SignIn) {
    Card {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp), Alignment.Top) {
            Column(Modifier.weight(1f), Arrangement.spacedBy(8.dp)) {
                Text(LocalWords.current.nameOf(signIn), style = MaterialTheme.typography.titleLarge)
                if (signIn.account.isNotBlank()) Fact(Icons.Person, words("request.who"), signIn.account)
                Fact(Icons.Pin, words("request.where"), signIn.place ?: words("request.where.unknown"))
                Age(signIn)
            }
            SecondsLeft(signIn)
        }
    }
}

@Composable
private fun Fact(icon: ImageVector, what: String, text: String) {
    val spoken = LocalWords.current.listed(listOf(what, text))
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { contentDescription = spoken },
        Arrangement.spacedBy(10.dp), Alignment.CenterVertically,
    ) {
        Icon(icon, contentDescription = null, Modifier.size(18.dp), MaterialTheme.colorScheme.onSurfaceVariant)
        Text(text, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
    }
}

/** When it was asked and how long ago that is; where it was only seen, that the ring's figure is but a guess. */
@Composable
private fun Age(signIn: SignIn) {
    val (words, now) = LocalWords.current to LocalNow.current
    val age by remember(words, now, signIn) { derivedStateOf { words.ageOf(signIn, now) } }
    val left by remember(words, now, signIn) { derivedStateOf { words.leftOf(signIn, now) } }
    val told = listOfNotNull(signIn.askedAt?.let { words.dayAndTime(it) }, age, left.takeIf { signIn.seenAt != null })
    if (told.isNotEmpty()) Fact(Icons.Clock, words("request.when"), words.listed(told))
}

@Composable
private fun SecondsLeft(signIn: SignIn) {
    val (words, now) = LocalWords.current to LocalNow.current
    // A guess is told and spoken by the text beside it.
    val spoken = Modifier.semantics { contentDescription = words.leftOf(signIn, now) }.takeIf { signIn.seenAt == null }
    val from = signIn.askedAt ?: signIn.seenAt ?: (signIn.expiresAt - USUAL_SECONDS)
    Ring(from, signIn.expiresAt, spoken ?: Modifier)
}

/** The whole of the ring where the server does not say since when the sign-in waits. */
private const val USUAL_SECONDS = 120L
