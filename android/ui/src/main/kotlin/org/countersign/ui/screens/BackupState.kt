package org.countersign.ui.screens

/** How the vault stands with its backups, and what makes them. */
data class BackupState(
    val facts: BackupFacts,
    val page: BackupPage = BackupPage.Overview,
    /** While a backup is written and read back. */
    val busy: Boolean = false,
    val message: BackupMessage? = null,
) : ScreenState

data class BackupFacts(
    val last: LastBackup?,
    val warning: BackupWarning?,
    val hasPassword: Boolean,
    val code: BackupCode,
    val folder: BackupFolder?,
)

/** A backup that was read back and opened; [at] in seconds since 1970 UTC. */
data class LastBackup(val at: Long, val accounts: Int, val damaged: Int = 0)

enum class BackupCode { None, Unchecked, There }

/** Where backups go, and how many of them stay. */
data class BackupFolder(val name: String, val keep: Int, val automatic: Boolean)

/** What is to be said of backups where the accounts are. */
sealed interface BackupWarning {
    data object None : BackupWarning

    /** So many accounts are in no backup as they are now. */
    data class Missing(val count: Int) : BackupWarning

    data class Old(val days: Int) : BackupWarning

    /** The one after the last change could not be written. */
    data class Unwritten(val reason: ReasonName) : BackupWarning
}

sealed interface BackupPage {
    data object Overview : BackupPage

    data class Password(val busy: Boolean = false, val refusal: ReasonName? = null) : BackupPage

    /** Whether to make a new code. */
    data object Code : BackupPage

    data class WriteDown(val groups: List<Hidden>) : BackupPage

    data class CheckGroup(val group: Int, val wrong: Boolean = false) : BackupPage

    data object Keep : BackupPage
}

sealed interface BackupMessage {
    data object Made : BackupMessage

    data object PasswordSet : BackupMessage

    data object CodeMade : BackupMessage

    data class Refused(val reason: ReasonName) : BackupMessage
}

sealed interface BackupEvent : AppEvent {
    /** One of the pages without content of its own. */
    data class OpenPage(val page: BackupPage) : BackupEvent

    /** To the folder, or, where there is none, to a file. */
    data object Make : BackupEvent

    data object MakeFile : BackupEvent

    /** The screen has compared both entries. */
    data class PasswordChosen(val password: Typed) : BackupEvent

    data object NewCode : BackupEvent

    data object WrittenDown : BackupEvent

    data object ShowAgain : BackupEvent

    data class GroupTyped(val text: Typed) : BackupEvent

    data object ChooseFolder : BackupEvent

    data object ForgetFolder : BackupEvent

    data class SetAutomatic(val on: Boolean) : BackupEvent

    data class SetKeep(val count: Int) : BackupEvent

    data object Restore : BackupEvent

    data object MessageGone : BackupEvent
}
