package org.countersign.ui.screens

/** Sign-ins of the past, the newest first. */
data class HistoryState(
    val rows: List<PastSignIn>,
    /** The account that they are of; null: all. */
    val of: String? = null,
    /** Whether it is asked if all are to be forgotten. */
    val clearing: Boolean = false,
    val refusal: ReasonName? = null,
) : ScreenState

/** A request that this phone has seen; [seenAt] in seconds since 1970 UTC. */
data class PastSignIn(
    val key: String,
    /** What was signed in to; empty where the server did not say. */
    val application: String,
    val account: String,
    val place: String?,
    val seenAt: Long,
    val end: PastEnd,
    /** Why, where it is not what was asked for. */
    val reason: ReasonName? = null,
    /** In seconds since 1970 UTC; null where this phone has not answered. */
    val answeredAt: Long? = null,
    /** The reason by which Microsoft Entra's sign-in log would know it. */
    val entra: String? = null,
    /** The person answered "It's not me", and it ended otherwise. */
    val saidNotMe: Boolean = false,
)

enum class PastEnd {
    /** Its time is not over. */
    Waiting,

    /** Its time was over, and this phone did nothing about it: another device may have. */
    Unanswered,
    Approved,

    /** Declined without saying why. */
    Declined,
    NotMe,
    Cancelled,

    /** The answer came too late. */
    Expired,
    AnsweredElsewhere,
    WrongAnswer,

    /** The server did not take the answer, though nobody typed one. */
    AnswerRefused,
    AccountBlocked,

    /** Whether the answer arrived is not known. */
    Unknown,

    /** No sign-in: the person locked the account at its server. */
    LockedOut,
}

sealed interface HistoryEvent : AppEvent {
    /** Into a file, which is not encrypted. */
    data object Save : HistoryEvent

    /** Asks first: [HistoryState.clearing]. */
    data object Clear : HistoryEvent

    data object ClearConfirmed : HistoryEvent

    data object ClearCancelled : HistoryEvent
}
