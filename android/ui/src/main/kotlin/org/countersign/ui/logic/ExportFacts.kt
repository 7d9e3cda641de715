package org.countersign.ui.logic

import org.countersign.core.Carried as CoreCarried
import org.countersign.core.ExportFormat as CoreFormat
import org.countersign.core.ExportRow as CoreRow
import org.countersign.core.LeftOut
import org.countersign.core.Lost as CoreLost
import org.countersign.core.SheetWords
import org.countersign.core.exportFileName
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.screens.Carried
import org.countersign.ui.screens.ExportFormat
import org.countersign.ui.screens.ExportRow
import org.countersign.ui.screens.Lost
import org.countersign.ui.words.Words

// What the core tells of exports, as screens show it, and what it is told.

internal val ExportFormat.core get() = when (this) {
    ExportFormat.Otpauth -> CoreFormat.OTPAUTH
    ExportFormat.Aegis -> CoreFormat.AEGIS
    ExportFormat.TwoFas -> CoreFormat.TWO_FAS
    ExportFormat.Google -> CoreFormat.GOOGLE
    ExportFormat.Cxf -> CoreFormat.CXF
    ExportFormat.Sheet -> CoreFormat.SHEET
    ExportFormat.Entra -> CoreFormat.ENTRA
}

/** The name that a file of a format begins with. */
internal val ExportFormat.fileName get() = checkNotNull(exportFileName(core)) { NO_FILE }

internal val ExportFormat.mediaType get() = when (this) {
    ExportFormat.Otpauth -> "text/plain"
    ExportFormat.Aegis, ExportFormat.Cxf -> "application/json"
    ExportFormat.TwoFas -> "application/octet-stream"
    ExportFormat.Google -> error(NO_FILE)
    ExportFormat.Sheet -> "text/html"
    ExportFormat.Entra -> "text/csv"
}

private const val NO_FILE = "codes to scan are no file"

internal fun CoreRow.shown() = ExportRow(id, issuer, name, carried.shown())

private fun CoreCarried.shown(): Carried = when (this) {
    is CoreCarried.Whole -> Carried.Whole
    is CoreCarried.Without -> Carried.Without(v1.map { it.shown() })
    is CoreCarried.LeftOut -> Carried.LeftOut(v1.shown())
}

private fun CoreLost.shown() = when (this) {
    CoreLost.APPROVALS -> Lost.Approvals
    CoreLost.NOTE -> Lost.Note
    CoreLost.TAGS -> Lost.Tags
    CoreLost.MORE_TAGS -> Lost.MoreTags
    CoreLost.FAVOURITE -> Lost.Favourite
    CoreLost.QR_CODE -> Lost.QrCode
}

private fun LeftOut.shown() = when (this) {
    LeftOut.NO_CODES -> Carried.Why.NoCodes
    LeftOut.KIND -> Carried.Why.Kind
    LeftOut.ALGORITHM -> Carried.Why.Algorithm
    LeftOut.DIGITS -> Carried.Why.Digits
    LeftOut.PERIOD -> Carried.Why.Period
    LeftOut.COUNTER -> Carried.Why.Counter
    LeftOut.SECRET -> Carried.Why.Secret
    LeftOut.NAME -> Carried.Why.Name
    LeftOut.TOO_LONG -> Carried.Why.TooLong
    LeftOut.DAMAGED -> Carried.Why.Damaged
}

/** The words of the sheet to print, made at [moment] in seconds since 1970 UTC. */
internal fun Words.ofSheet(moment: Long) = SheetWords(
    language = locale.language,
    title = this("sheet.title"),
    made = this("import.made", "day" to dayAndTime(moment)),
    paragraphs = listOf(this("sheet.use"), this("sheet.keep"), this("export.done.sheet")),
    secret = this("sheet.secret"),
    pin = this("sheet.pin"),
    digits = this("codes.digits"),
    period = this("sheet.period"),
    counter = this("sheet.counter"),
    algorithm = this("sheet.kind"),
    tags = this("account.tags"),
    note = this("account.note"),
    favourite = this("sheet.favourite"),
    noCode = this("sheet.no_code"),
)
