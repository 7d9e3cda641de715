package org.countersign.ui.screens

/** Accounts for another app, or for paper. */
data class ExportState(val page: ExportPage) : ScreenState

sealed interface ExportPage {
    /** What the accounts are for. Without [any] account there is nothing to choose. */
    data class Formats(val any: Boolean) : ExportPage

    /** Which accounts, and what the format carries of each. */
    data class Accounts(val format: ExportFormat, val rows: List<ExportRow>, val chosen: Set<String>) : ExportPage

    /** With a password or without. */
    data class Protect(val format: ExportFormat) : ExportPage

    data class Password(val format: ExportFormat, val busy: Boolean = false, val refusal: ReasonName? = null) :
        ExportPage

    /** What it means that the export is not encrypted, right before it is made. */
    data class Plain(
        val format: ExportFormat,
        val canPrint: Boolean = false,
        val busy: Boolean = false,
        val refusal: ReasonName? = null,
    ) : ExportPage

    /** The code at [place], from 0, of [count], to be scanned. */
    data class Codes(val place: Int, val count: Int, val png: Png) : ExportPage

    data class Done(val format: ExportFormat, val accounts: Int) : ExportPage
}

enum class ExportFormat { Otpauth, Aegis, TwoFas, Google, Cxf, Sheet, Entra }

data class ExportRow(val id: String, val issuer: String, val name: String, val carried: Carried)

/** What a format carries of an account. */
sealed interface Carried {
    data object Whole : Carried

    data class Without(val lost: List<Lost>) : Carried

    /** Such an account can't be chosen. */
    data class LeftOut(val why: Why) : Carried

    enum class Why { NoCodes, Kind, Algorithm, Digits, Period, Counter, Secret, Name, TooLong, Damaged }
}

enum class Lost { Approvals, Note, Tags, MoreTags, Favourite, QrCode }

/** A picture that no log may hold. */
class Png(val bytes: ByteArray) {
    override fun toString() = "[hidden]"
}

sealed interface ExportEvent : AppEvent {
    data class Choose(val format: ExportFormat) : ExportEvent

    data class Toggle(val id: String) : ExportEvent

    data object ChooseAll : ExportEvent

    data object ChooseNone : ExportEvent

    /** From the accounts to the protection of the file. */
    data object Next : ExportEvent

    data object WithPassword : ExportEvent

    data object WithoutPassword : ExportEvent

    /** The screen has compared both entries. */
    data class PasswordChosen(val password: Typed) : ExportEvent

    /** Into a file, or, for Google's codes, onto the screen. */
    data object Write : ExportEvent

    data object Print : ExportEvent

    data object NextCode : ExportEvent

    data object PreviousCode : ExportEvent

    data object Done : ExportEvent
}
