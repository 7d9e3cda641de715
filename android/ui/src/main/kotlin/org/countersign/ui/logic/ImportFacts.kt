package org.countersign.ui.logic

import org.countersign.core.Differs
import org.countersign.core.ImportNote as CoreNote
import org.countersign.core.ImportRow
import org.countersign.core.PastImport as CorePastImport
import org.countersign.core.Standing as CoreStanding
import org.countersign.ui.screens.Difference
import org.countersign.ui.screens.ImportEntry
import org.countersign.ui.screens.ImportNote
import org.countersign.ui.screens.NewSetUp
import org.countersign.ui.screens.PastImport
import org.countersign.ui.screens.Standing

// What the core tells of imports, as screens show it.

internal fun CorePastImport.shown() = PastImport(id, app, at, accounts.toInt())

internal fun ImportRow.shown() = ImportEntry(
    place = entry.toInt(),
    issuer = issuer,
    name = name,
    standing = standing.shown(),
    odd = odd.shown(),
    notes = notes.map { note ->
        when (note) {
            CoreNote.IN_TRASH -> ImportNote.InTrash
            CoreNote.SHORTENED -> ImportNote.Shortened
            CoreNote.BACK_TO_TRASH -> ImportNote.BackToTrash
            CoreNote.APPROVAL_LEFT -> ImportNote.ApprovalLeft
        }
    },
    isOdd = isOdd,
)

private fun CoreStanding.shown(): Standing = when (this) {
    is CoreStanding.New -> Standing.New
    is CoreStanding.Same -> Standing.Same
    is CoreStanding.Repeated -> Standing.Repeated(entry.toInt())
    is CoreStanding.InTrash -> Standing.InTrash
    is CoreStanding.Differs -> Standing.Differs(what.map { it.shown() })
    is CoreStanding.Refused -> Standing.Refused(reason.named())
}

private fun Differs.shown() = when (this) {
    Differs.SEED -> Difference.Key
    Differs.NAMES -> Difference.Names
    Differs.PARAMETERS -> Difference.Parameters
    Differs.COUNTER -> Difference.Counter
    Differs.DETAILS -> Difference.Details
}

/** Whose sign-ins can't be approved here yet; null where they can, or where there are none. */
internal fun ImportRow.newSetUp() = needsSetUp?.let { NewSetUp(issuer, name, it.origin) }
