package org.countersign.ui.screens

import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LongState
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.secondsSince
import org.countersign.ui.parts.secondsTo
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** Sign-ins that wait: what, for which account, from where, how old. Without [onOpen] they only tell. */
@Composable
internal fun WaitingRows(waiting: List<SignIn>, title: String? = null, onOpen: ((key: String) -> Unit)?) {
    Group(title) {
        waiting.forEachIndexed { at, signIn ->
            if (at > 0) Line()
            WaitingRow(signIn, onTap = onOpen?.let { open -> { open(signIn.key) } })
        }
    }
}

/** Those beside the one that is open. */
@Composable
internal fun OtherRequests(others: List<SignIn>, modifier: Modifier = Modifier, onOpen: ((key: String) -> Unit)?) {
    if (others.isEmpty()) return
    Box(modifier) { WaitingRows(others, LocalWords.current.counted("request.others", others.size), onOpen) }
}

@Composable
private fun WaitingRow(signIn: SignIn, onTap: (() -> Unit)?) {
    val (words, now) = LocalWords.current to LocalNow.current
    val time by remember(words, now, signIn) {
        derivedStateOf { words.listed(listOf(words.ageOf(signIn, now).orEmpty(), words.leftOf(signIn, now))) }
    }
    val detail = listOf(signIn.account, signIn.place ?: words("request.where.unknown"), time)
    LinkRow(words.nameOf(signIn), detail.filter(String::isNotBlank).joinToString("\n"), Icons.Bell, onTap = onTap)
}

/** What is signed in to, as the server calls it. */
internal fun Words.nameOf(signIn: SignIn): String = signIn.application.ifBlank { this("history.unnamed") }

/** How old a sign-in is, or since when this phone knows of it; of a scanned one neither is known. */
internal fun Words.ageOf(signIn: SignIn, now: LongState): String? = when {
    signIn.askedAt != null -> ago(now.secondsSince(signIn.askedAt))
    signIn.seenAt != null -> this("ago.seen", "ago" to ago(now.secondsSince(signIn.seenAt)))
    else -> null
}

/** How long it can be answered, as far as this phone knows. */
internal fun Words.leftOf(signIn: SignIn, now: LongState): String {
    val left = now.secondsTo(signIn.expiresAt)
    return if (signIn.seenAt == null) counted("seconds.left", left) else counted("seconds.left.about", left)
}

/** By the minute from the first one on. */
private fun Words.ago(seconds: Int): String =
    if (seconds < 60) this("ago.seconds", "count" to seconds) else this("ago.minutes", "count" to seconds / 60)
