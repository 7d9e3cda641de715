package org.countersign.ui.screens

import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.Words

// How sign-ins of the past are told: on the screen, and in a file for other people.

/** What was signed in to; null where the person locked the account, which was no sign-in to anything. */
internal fun Words.titleOf(past: PastSignIn): String? =
    past.application.ifBlank { this("history.unnamed") }.takeIf { past.end != PastEnd.LockedOut }

/** The word for what became of it. */
internal val PastEnd.key get() = when (this) {
    PastEnd.Waiting -> "history.waiting"
    PastEnd.Unanswered -> "history.unanswered"
    PastEnd.Approved -> "history.approved"
    PastEnd.Declined -> "history.declined"
    PastEnd.NotMe -> "history.not_me"
    PastEnd.Cancelled -> "history.cancelled"
    PastEnd.Expired -> "history.expired"
    PastEnd.AnsweredElsewhere -> "history.elsewhere"
    PastEnd.WrongAnswer -> "history.wrong"
    PastEnd.AnswerRefused -> "history.refused"
    PastEnd.AccountBlocked -> "history.blocked"
    PastEnd.Unknown -> "history.unknown"
    PastEnd.LockedOut -> "history.locked_out"
}

/**
 * Past sign-ins as a text for people, such as those of a help desk: a paragraph each, with the reason by which Microsoft
 * Entra's sign-in log would know it.
 */
internal fun Words.fileOf(history: List<PastSignIn>): ByteArray =
    history.joinToString("\n\n", postfix = "\n") { paragraphOf(it).joinToString("\n") }.toByteArray()

private fun Words.paragraphOf(past: PastSignIn): List<String> = listOfNotNull(
    dayAndTime(past.seenAt),
    titleOf(past),
    this(past.end.key),
    past.reason?.let(::what),
    if (past.saidNotMe) this("history.said_not_me") else null,
    past.account,
    past.place,
    past.answeredAt?.let { this("history.answered_at", "time" to dayAndTime(it)) },
    past.entra?.let { this("history.entra", "reason" to it) },
).filter(String::isNotBlank)
