package org.countersign.ui.screens

/** Sign-ins that wait, and the one that is open. */
data class RequestsState(
    /** The newest first, the open one included. */
    val waiting: List<SignIn>,
    val open: OpenRequest? = null,
    val look: Look = Look.None,
    val floods: List<Flooded> = emptyList(),
    /** Opened by a link on the phone that the sign-in page is on: the number is on that page, not in the link. */
    val samePhone: Boolean = false,
    /** Why the last thing was not done that changes nothing of the open one, as to be quiet. */
    val refusal: ReasonName? = null,
) : ScreenState {
    /** Those beside the open one. */
    val others get() = waiting.filter { it.key != open?.signIn?.key }
}

/** A sign-in that waits; moments in seconds since 1970 UTC. */
data class SignIn(
    val key: String,
    val application: String,
    /** Of this phone's accounts: who it is with, and whose it is. */
    val account: String,
    val place: String?,
    /** What the server asks in its own words; may be empty. */
    val question: String,
    /** Null where the server does not say. */
    val askedAt: Long?,
    /** When this phone saw it first, where the server lists it without saying when it was asked. */
    val seenAt: Long?,
    /** Where it was only seen, a guess that each look may move. */
    val expiresAt: Long,
    val wants: Wanted,
    /** Whether the server is told why, with a no. */
    val takesReason: Boolean = true,
)

/** What the other screen shows and is wanted here. */
sealed interface Wanted {
    data object Number : Wanted

    data object Letters : Wanted

    data class Pin(val length: Int) : Wanted

    data class Word(val words: List<String>) : Wanted

    /** Only yes or no. */
    data object Confirmation : Wanted

    /** Something that this app can't ask for: only a no. */
    data class Unsupported(val reason: ReasonName) : Wanted
}

data class OpenRequest(val signIn: SignIn, val phase: RequestPhase)

sealed interface RequestPhase {
    /**
     * [missed]: the last answer was not right; [triesLeft] counts this try. [sudden]: one that needs nothing typed has
     * only just come, and takes no yes: the finger was on its way to something else.
     */
    data class Asking(
        val triesLeft: Int? = null,
        val missed: Boolean = false,
        val refusal: ReasonName? = null,
        val sudden: Boolean = false,
    ) : RequestPhase

    /** The app lock asks, or the answer is on its way. */
    data class Answering(val yes: Boolean) : RequestPhase

    data class Ended(
        val end: RequestEnd,
        /** Why, where it is not what was asked for. */
        val reason: ReasonName? = null,
        /** The code to type at the other screen, where the server wants that. */
        val displayCode: Hidden? = null,
        /** Where it was not the person and the server can lock the account. */
        val lockOut: LockOut? = null,
        /** How many more wrong answers there can be before the server blocks the account, where it tells. */
        val beforeBlock: Int? = null,
        /** Whether the person has said so, also where that did not arrive: somebody else has the password then. */
        val notMe: Boolean = end == RequestEnd.NotMe,
    ) : RequestPhase
}

/** Locking an account at its server: this phone can't undo it. */
sealed interface LockOut {
    data object Offered : LockOut

    /** The person is asked whether they mean it. */
    data object Asking : LockOut

    data object Working : LockOut

    data object Locked : LockOut

    /** It was not done, or whether it was is not known. */
    data class Failed(val reason: ReasonName) : LockOut
}

enum class RequestEnd {
    Approved,

    /** "No, it's not me": with the advice what to do now. */
    NotMe,

    /** Declined without saying that it was somebody else. */
    Declined,
    Expired,
    AnsweredElsewhere,
    WrongAnswer,

    /** Whether the answer arrived is not known. */
    Unknown,

    /** It could not be answered: offline, refused, ... */
    NotSent,
}

sealed interface RequestEvent : AppEvent {
    data class Open(val key: String) : RequestEvent

    /** Yes, with what was typed or chosen; null for a confirmation. */
    data class Yes(val answer: Typed?) : RequestEvent

    data object NotMe : RequestEvent

    /** The one that is open once more, after it could not be sent. */
    data object TryAgain : RequestEvent

    data object LookAgain : RequestEvent

    /** Asks first: [LockOut.Asking]. */
    data object LockAccount : RequestEvent

    data object LockOutConfirmed : RequestEvent

    data object LockOutCancelled : RequestEvent

    /** Away with what has ended: to the next that waits, or back. */
    data object Close : RequestEvent
}
