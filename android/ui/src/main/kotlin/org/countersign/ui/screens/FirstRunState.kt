package org.countersign.ui.screens

/** Making the vault, page by page. */
sealed interface FirstRunState : ScreenState {
    /** What this is, in three sentences. */
    data object Welcome : FirstRunState

    /** Device lock or password; without a device lock only the password can be chosen. */
    data class ChooseLock(val deviceLock: Boolean, val refusal: ReasonName? = null) : FirstRunState

    /** A password, typed twice. [busy] while the vault is made. */
    data class NewPassword(val busy: Boolean = false, val refusal: ReasonName? = null) : FirstRunState

    /** The recovery code, to be written down: its groups in their order. */
    data class WriteDown(val groups: List<Hidden>) : FirstRunState

    /** Whether it was written down: [group], counted from 1, is asked for. */
    data class CheckGroup(val group: Int, val wrong: Boolean = false) : FirstRunState

    /** Where backups shall live. */
    data class AskBackup(val refusal: ReasonName? = null) : FirstRunState

    /** What opens them, typed twice. [busy] while its key is made. */
    data class BackupPassword(val folder: String, val busy: Boolean = false, val refusal: ReasonName? = null) :
        FirstRunState

    /** Made; how to begin. [folder] is where backups go by themselves. */
    data class Ready(val folder: String? = null) : FirstRunState
}

sealed interface FirstRunEvent : AppEvent {
    data object Begin : FirstRunEvent

    data object UseDeviceLock : FirstRunEvent

    data object UsePassword : FirstRunEvent

    /** The screen has compared both entries; they are the same and not empty. */
    data class PasswordChosen(val password: Typed) : FirstRunEvent

    data object WrittenDown : FirstRunEvent

    data class GroupTyped(val text: Typed) : FirstRunEvent

    data object ShowAgain : FirstRunEvent

    data object ChooseBackupFolder : FirstRunEvent

    /** The screen has compared both entries; they are the same and not empty. */
    data class BackupPasswordChosen(val password: Typed) : FirstRunEvent

    data object NoBackupNow : FirstRunEvent

    /** To the list of accounts. */
    data object Finish : FirstRunEvent

    /** To adding the first account. */
    data object AddFirst : FirstRunEvent

    /** To the accounts of another app. */
    data object ImportFirst : FirstRunEvent

    /** To those of a backup. */
    data object RestoreFirst : FirstRunEvent
}
