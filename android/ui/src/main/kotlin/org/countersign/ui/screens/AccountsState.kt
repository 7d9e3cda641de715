package org.countersign.ui.screens

/** The accounts with their codes. */
data class AccountsState(
    /** In the order shown, what [query] and [tag] leave. */
    val rows: List<AccountRow>,
    /** Whether there is any account at all: an empty list says how to begin, an empty search says so. */
    val any: Boolean = rows.isNotEmpty(),
    /** Codes by account, for those rows only that are on screen, see [AccountsEvent.Visible]. */
    val codes: Map<String, RowCode> = emptyMap(),
    /** Codes are shown only after a tap, those of [revealed] now. */
    val hideCodes: Boolean = false,
    val revealed: Set<String> = emptySet(),
    /** Null while no search is open. */
    val query: String? = null,
    /** All tags that there are, and the one that filters. */
    val tags: List<String> = emptyList(),
    val tag: String? = null,
    /** Not empty while several are being selected. */
    val selected: Set<String> = emptySet(),
    /** Sign-ins that wait for an answer. */
    val waiting: Int = 0,
    /** Whether any account has sign-ins to look for: without one, or where all are scanned, there is nothing. */
    val canLook: Boolean = false,
    val look: Look = Look.None,
    val floods: List<Flooded> = emptyList(),
    val trashed: Int = 0,
    val backup: BackupWarning? = null,
    val message: AccountsMessage? = null,
    /** What was interrupted before and has ended since, until it was read. */
    val leftovers: List<Leftover> = emptyList(),
) : ScreenState

data class AccountRow(
    val id: String,
    val issuer: String,
    val name: String,
    val codes: CodesOf,
    val approvals: Boolean,
    val favourite: Boolean,
    val tags: List<String> = emptyList(),
)

enum class CodesOf { Nothing, Time, Counter }

/** What a row shows of its codes. */
sealed interface RowCode {
    data class Timed(val code: TimedCode) : RowCode

    /** The last code by use, since the screen was opened. */
    data class Counted(val code: Hidden) : RowCode
}

/** Looking for sign-ins that wait. */
sealed interface Look {
    /** A person waits for what it finds. */
    val goesOn get() = this == Now || this is Expecting

    data object None : Look

    data object Now : Look

    /** "Expecting a sign-in?": until then, in seconds since 1970 UTC. */
    data class Expecting(val until: Long) : Look

    data object NothingWaits : Look

    data class Failed(val reason: ReasonName) : Look
}

/**
 * An account that more sign-ins are asked of than one person begins: so many in so many [minutes]. Until [quietUntil],
 * in seconds since 1970 UTC, none of them is notified.
 */
data class Flooded(
    val account: String,
    val issuer: String,
    val name: String,
    val requests: Int,
    val minutes: Int,
    val quietUntil: Long? = null,
)

sealed interface FloodEvent : AppEvent {
    /** For an hour. */
    data class BeQuiet(val account: String) : FloodEvent

    data class EndQuiet(val account: String) : FloodEvent
}

/** Said once at the bottom of the screen. */
sealed interface AccountsMessage {
    /** The code is on the clipboard and will be taken off it after [clearedAfter] seconds. */
    data class Copied(val clearedAfter: Int) : AccountsMessage

    /** Can be undone. */
    data class Trashed(val ids: List<String>) : AccountsMessage

    data class Refused(val reason: ReasonName) : AccountsMessage
}

/** The end of something that a lock, or the end of the app, had interrupted. */
data class Leftover(
    val end: End,
    /** What it was of; null where no account is, or is any more. */
    val account: String? = null,
) {
    sealed interface End {
        data class SetUp(val issuer: String, val name: String) : End

        /** The answer to a sign-in is at its server. */
        data object Answered : End

        /** The answer to a sign-in did not become what was asked for. */
        data class AnswerStopped(val reason: ReasonName) : End

        data object KeyRenewed : End

        data object LockedOut : End

        data class Stopped(val reason: ReasonName) : End
    }
}

sealed interface AccountsEvent : AppEvent {
    /** The rows on screen now: no others need codes. */
    data class Visible(val ids: List<String>) : AccountsEvent

    /** A tap on a code: shown if it is hidden, else copied. */
    data class TapCode(val id: String) : AccountsEvent

    /** The next code by use. */
    data class UseCounter(val id: String) : AccountsEvent

    data class Open(val id: String) : AccountsEvent

    data class SetFavourite(val id: String, val favourite: Boolean) : AccountsEvent

    /** Right before [before], or to the end. */
    data class Move(val id: String, val before: String?) : AccountsEvent

    data object OpenSearch : AccountsEvent

    data object CloseSearch : AccountsEvent

    data class Search(val text: String) : AccountsEvent

    data class ChooseTag(val tag: String?) : AccountsEvent

    /** Selects, or no longer. */
    data class ToggleSelected(val id: String) : AccountsEvent

    data object SelectNone : AccountsEvent

    data object TrashSelected : AccountsEvent

    data class TagSelected(val tag: String) : AccountsEvent

    data object FavouriteSelected : AccountsEvent

    data object UndoTrash : AccountsEvent

    data object MessageGone : AccountsEvent

    data object LeftoversRead : AccountsEvent

    data object LookNow : AccountsEvent

    data object ExpectSignIn : AccountsEvent

    data object StopExpecting : AccountsEvent

    data object OpenRequests : AccountsEvent

    data object Add : AccountsEvent

    data object OpenTrash : AccountsEvent

    data object OpenSettings : AccountsEvent

    data object OpenImport : AccountsEvent

    data object OpenRestore : AccountsEvent

    data object OpenExport : AccountsEvent

    data object OpenBackup : AccountsEvent

    data object Lock : AccountsEvent
}
