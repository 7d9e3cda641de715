package org.countersign.ui.screens

/** One account. Moments in seconds since 1970 UTC. */
data class AccountState(
    val id: String,
    val issuer: String,
    val name: String,
    val favourite: Boolean,
    val tags: List<String>,
    val note: String,
    /** What a notification calls it; null: only that a sign-in waits. */
    val label: String?,
    val addedAt: Long,
    val codes: CodeFacts? = null,
    val approvals: ApprovalFacts? = null,
    val test: SelfTest = SelfTest.NotRun,
    val dialog: AccountDialog? = null,
    /** A run on this account goes on. */
    val busy: Boolean = false,
    val message: AccountMessage? = null,
) : ScreenState

/** How codes are made; [period] in seconds, null for codes by use. */
data class CodeFacts(val algorithm: HashOf, val digits: Int, val period: Int?, val steam: Boolean = false)

/** [system] as its makers write its name. Without a device key phone and server share a secret. */
data class ApprovalFacts(
    val system: String,
    val server: Server,
    val keyAlgorithm: String?,
    val key: KeyPlace?,
    val can: Abilities,
)

/** What can be done besides approving and declining. Where there is no [look], a sign-in is a code to scan. */
data class Abilities(val look: Boolean, val renewKey: Boolean, val lockOut: Boolean)

/** Where the device key lives. */
enum class KeyPlace { SecureElement, Hardware, Software, Unknown }

/** The self-test of requests. */
sealed interface SelfTest {
    data object NotRun : SelfTest

    data object Running : SelfTest

    data class Done(val checks: List<CheckLine>) : SelfTest

    data class Failed(val reason: ReasonName) : SelfTest
}

/**
 * One check: whether it [works], null where nobody can tell; the [reason] why it does not, or what to know where it
 * does. [figure] is how many seconds this phone is ahead of the server, or how many sign-ins wait.
 */
data class CheckLine(
    val what: CheckOf,
    val reason: ReasonName? = null,
    val works: Boolean? = reason == null,
    val figure: Long? = null,
)

/** What the system can mend is mended by [need]. */
enum class CheckOf(val need: DeviceNeed? = null) {
    Key, Network(DeviceNeed.Network), Server, Clock, Client, Registration, Requests, OtherPhone,
    Notifications(DeviceNeed.Notifications), Background(DeviceNeed.Battery),
}

sealed interface AccountDialog {
    data object Rename : AccountDialog

    data object Tags : AccountDialog

    data object Note : AccountDialog

    data object Label : AccountDialog

    /** With the reminder to remove it on the server too. */
    data object Remove : AccountDialog

    data object LockOut : AccountDialog

    /** The set-up code as a PNG picture, after the app lock has asked: whoever sees it has the account. */
    class SetupCode(val png: ByteArray) : AccountDialog
}

sealed interface AccountMessage {
    data object KeyRenewed : AccountMessage

    data object LockedOut : AccountMessage

    data class Refused(val reason: ReasonName) : AccountMessage
}

sealed interface AccountEvent : AppEvent {
    data class SetFavourite(val favourite: Boolean) : AccountEvent

    /** Of [AccountDialog.SetupCode] by [ShowSetupCode] only. */
    data class OpenDialog(val dialog: AccountDialog) : AccountEvent

    data object CloseDialog : AccountEvent

    data class Renamed(val issuer: String, val name: String) : AccountEvent

    data class TagsChanged(val tags: List<String>) : AccountEvent

    data class NoteChanged(val note: String) : AccountEvent

    data class LabelChanged(val label: String?) : AccountEvent

    data object RunTest : AccountEvent

    /** To the system's settings of it. */
    data class FixNeed(val need: DeviceNeed) : AccountEvent

    data object RenewKey : AccountEvent

    data object LockOutConfirmed : AccountEvent

    data object ShowSetupCode : AccountEvent

    data object OpenHistory : AccountEvent

    data object RemoveConfirmed : AccountEvent

    data object MessageGone : AccountEvent
}
