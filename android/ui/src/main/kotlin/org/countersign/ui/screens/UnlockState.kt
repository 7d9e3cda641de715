package org.countersign.ui.screens

/** The vault is locked. */
data class UnlockState(
    /** The ways in that the vault has and this device can offer, the preferred first. */
    val ways: List<Way>,
    /** The one that is tried now. */
    val way: Way,
    /** While a password is derived or the system's prompt is open. */
    val busy: Boolean = false,
    /** `wrong_password`, `platform_key_gone`, `presence_refused`, ... */
    val refusal: ReasonName? = null,
    val mistake: RecoveryMistake? = null,
    /** Counts the failed tries: the field is emptied at each. */
    val tries: Int = 0,
    /** The file is older than the one seen last: only [UnlockEvent.OpenOlder] goes on. */
    val rolledBack: Boolean = false,
    /** A sign-in waits behind the lock. */
    val requestWaits: Boolean = false,
) : ScreenState

sealed interface UnlockEvent : AppEvent {
    data class Choose(val way: Way) : UnlockEvent

    data object UseDeviceLock : UnlockEvent

    data class Password(val typed: Typed) : UnlockEvent

    data class RecoveryCode(val typed: Typed) : UnlockEvent

    data object OpenOlder : UnlockEvent
}

/** The vault's file can't be used, see [reason]; nothing has been changed. */
data class UnusableState(val reason: ReasonName, val report: String) : ScreenState

sealed interface UnusableEvent : AppEvent {
    data object TryAgain : UnusableEvent

    data object CopyReport : UnusableEvent
}
