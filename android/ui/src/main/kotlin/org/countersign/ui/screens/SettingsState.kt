package org.countersign.ui.screens

data class SettingsState(
    val ways: Set<Way>,
    /** Whether this device has a lock that can be used. */
    val deviceLockOffered: Boolean,
    val grace: Grace,
    val blockScreenshots: Boolean,
    val hideCodes: Boolean,
    val background: BackgroundChecks,
    val pushes: PushFacts,
    val namesInNotifications: Boolean,
    val language: Language,
    val clock: Clock,
    val about: About,
    val page: SettingsPage = SettingsPage.Overview,
    val message: SettingsMessage? = null,
) : ScreenState

/** The time away after which the vault locks. */
enum class Grace(val ms: Long?) {
    AtOnce(0),
    HalfMinute(30_000),
    TwoMinutes(120_000),
    TenMinutes(600_000),
    Never(null),
}

data class BackgroundChecks(val on: Boolean, val findings: List<DeviceFinding> = emptyList())

/** What background checks need of this system, and whether it is so. */
data class DeviceFinding(val what: DeviceNeed, val ok: Boolean)

enum class DeviceNeed { Notifications, Battery, BackgroundData, Network }

/** [offsetSeconds] is how far this device is ahead of the server that differs most, where that is known. */
data class Clock(val automatic: Boolean?, val offsetSeconds: Long? = null)

/**
 * A server's clock, as one account has learnt it at [measuredAt], in seconds since 1970 UTC: this device is so many
 * seconds ahead of it. Codes can be made by it where the account [hasCodes].
 */
data class AccountClock(
    val account: String,
    val issuer: String,
    val name: String,
    val server: String,
    val secondsAhead: Long,
    val measuredAt: Long,
    val used: Boolean,
    val hasCodes: Boolean,
)

data class About(val version: String)

sealed interface SettingsPage {
    data object Overview : SettingsPage

    data object Background : SettingsPage

    data object Pushes : SettingsPage

    data class Clocks(val clocks: List<AccountClock>) : SettingsPage

    /** Sets a password, or changes the one that there is; [insteadOfLock]: in place of the lock of the device. */
    data class Password(
        val busy: Boolean = false,
        val refusal: ReasonName? = null,
        val insteadOfLock: Boolean = false,
    ) : SettingsPage

    /** Whether to make a new code: an old one is dead then. */
    data object RecoveryCode : SettingsPage

    data class WriteDown(val groups: List<Hidden>) : SettingsPage

    data class CheckGroup(val group: Int, val wrong: Boolean = false) : SettingsPage

    /** Tries a code that was written down. */
    data class TryCode(val mistake: RecoveryMistake? = null, val tries: Int = 0) : SettingsPage

    data object Language : SettingsPage

    data object Grace : SettingsPage

    /** Without secrets and names. */
    data class Report(val text: String) : SettingsPage

    data object About : SettingsPage
}

sealed interface SettingsMessage {
    data object PasswordSet : SettingsMessage

    data object RecoveryCodeMade : SettingsMessage

    data object RecoveryCodeRight : SettingsMessage

    data object ReportCopied : SettingsMessage

    data class Refused(val reason: ReasonName) : SettingsMessage
}

sealed interface SettingsEvent : AppEvent {
    /** One of the pages without content of its own, or [OpenReport]. */
    data class OpenPage(val page: SettingsPage) : SettingsEvent

    data object OpenReport : SettingsEvent

    data object CopyReport : SettingsEvent

    data class SetGrace(val grace: Grace) : SettingsEvent

    data class SetDeviceLock(val on: Boolean) : SettingsEvent

    data class SetBlockScreenshots(val on: Boolean) : SettingsEvent

    data class SetHideCodes(val on: Boolean) : SettingsEvent

    data class SetBackground(val on: Boolean) : SettingsEvent

    data class FixNeed(val need: DeviceNeed) : SettingsEvent

    data class SetNamesInNotifications(val on: Boolean) : SettingsEvent

    data class SetLanguage(val language: Language) : SettingsEvent

    /** The screen has compared both entries. */
    data class PasswordChosen(val password: Typed) : SettingsEvent

    data object NewRecoveryCode : SettingsEvent

    data object WrittenDown : SettingsEvent

    data object ShowAgain : SettingsEvent

    data class GroupTyped(val text: Typed) : SettingsEvent

    data class TryRecoveryCode(val typed: Typed) : SettingsEvent

    data object OpenClocks : SettingsEvent

    /** Whether the codes of an account are made by its server's clock. */
    data class UseForCodes(val account: String, val used: Boolean) : SettingsEvent

    data object OpenHistory : SettingsEvent

    data object OpenBackup : SettingsEvent

    data object OpenImport : SettingsEvent

    data object OpenExport : SettingsEvent

    data object MessageGone : SettingsEvent
}
