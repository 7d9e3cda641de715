package org.countersign.ui.screens

/** Accounts of another app, or, where [restoring], of a backup of ours. */
data class ImportState(val restoring: Boolean, val page: ImportPage) : ScreenState

sealed interface ImportPage {
    /** What can be brought in, and what was, the latest first. [undoing] is being asked about. */
    data class Start(
        val past: List<PastImport> = emptyList(),
        val undoing: PastImport? = null,
        val message: ImportMessage? = null,
    ) : ImportPage

    data class Reading(val file: String) : ImportPage

    /** A file of [app] that a password opens, or, where [byCode], its recovery code. */
    data class Locked(
        val file: String,
        val app: String,
        /** Whether there is a recovery code as well. */
        val takesCode: Boolean = false,
        val byCode: Boolean = false,
        /** How long it takes to open, where that is long. */
        val seconds: Int? = null,
        val refusal: ReasonName? = null,
        /** Counts the failed tries: the field is emptied at each. */
        val tries: Int = 0,
    ) : ImportPage

    /** Opening it takes more memory than a file from outside is given. */
    data class Memory(val file: String, val app: String, val mib: Int) : ImportPage

    /** The key of a file is made. [percent] is null where that is not known before the end. */
    data class Deriving(val app: String, val percent: Int?) : ImportPage

    /** What is in the files, before anything is changed. */
    data class Preview(
        val apps: List<String>,
        /** When a backup was made, in seconds since 1970 UTC. */
        val madeAt: Long?,
        val rows: List<ImportEntry>,
        /** By their places. */
        val chosen: Set<Int>,
        /** The numbers of parts that are not here, of an export in several pictures. */
        val missingParts: List<Int> = emptyList(),
        /** How many parts such an export has. */
        val partCount: Int = 0,
        val setUps: List<NewSetUp> = emptyList(),
        /** Files that were chosen with these. */
        val unread: List<UnreadFile> = emptyList(),
        val busy: Boolean = false,
        val refusal: ReasonName? = null,
    ) : ImportPage

    /** So many accounts have come in; [id] undoes that. */
    data class Done(val id: String?, val count: Int, val setUps: List<NewSetUp>) : ImportPage

    /** No file could be used, and nothing was changed. */
    data class Failed(val unread: List<UnreadFile>) : ImportPage
}

/** A file that can't be used, and the limit that it goes over, if that is why. */
data class UnreadFile(val name: String, val reason: ReasonName, val over: OverLimit? = null)

/** [at] in seconds since 1970 UTC. */
data class PastImport(val id: String, val app: String, val at: Long, val accounts: Int)

/** A limit that a file goes over; [unit] is `bytes`, `KiB`, `KiB of passes`, `rounds` or `entries`. */
data class OverLimit(val wanted: Long, val most: Long, val unit: String)

/** One entry of a file, held against the vault. */
data class ImportEntry(
    /** In the file, from 0. */
    val place: Int,
    val issuer: String,
    val name: String,
    val standing: Standing,
    /** What was odd in it, in snake case, such as `secret_short`. */
    val odd: List<String> = emptyList(),
    val notes: List<ImportNote> = emptyList(),
    /** Whether it was read in a way that the person should look at. */
    val isOdd: Boolean = false,
)

/** How an entry stands to the accounts that are there. */
sealed interface Standing {
    data object New : Standing

    data object Same : Standing

    /** The entry at that place is the same. */
    data class Repeated(val place: Int) : Standing

    data object InTrash : Standing

    /** Both stay. */
    data class Differs(val what: List<Difference>) : Standing

    /** It can't be chosen. */
    data class Refused(val reason: ReasonName) : Standing
}

enum class Difference { Key, Names, Parameters, Counter, Details }

enum class ImportNote { InTrash, Shortened, BackToTrash, ApprovalLeft }

/** An account whose approvals could not come along; [origin] is the server that they are for. */
data class NewSetUp(val issuer: String, val name: String, val origin: String)

sealed interface ImportMessage {
    /** So many accounts are in the trash now. */
    data class Undone(val count: Int) : ImportMessage

    data class Refused(val reason: ReasonName) : ImportMessage
}

sealed interface ImportEvent : AppEvent {
    /** By the system's dialog; also for one file more, or another one. */
    data object ChooseFiles : ImportEvent

    data class PasswordTyped(val typed: Typed) : ImportEvent

    data class CodeTyped(val typed: Typed) : ImportEvent

    /** By the recovery code, or by the password. */
    data class UseCode(val on: Boolean) : ImportEvent

    /** The memory is given. */
    data object OpenAllTheSame : ImportEvent

    data class Toggle(val place: Int) : ImportEvent

    data object ChooseAll : ImportEvent

    data object ChooseNone : ImportEvent

    data object Import : ImportEvent

    /** Asks first: [ImportPage.Start.undoing]. */
    data class Undo(val id: String) : ImportEvent

    data object UndoConfirmed : ImportEvent

    data object UndoCancelled : ImportEvent

    /** The import that was made right now; it is not asked about. */
    data object UndoThis : ImportEvent

    data object MessageGone : ImportEvent

    data object Done : ImportEvent
}
