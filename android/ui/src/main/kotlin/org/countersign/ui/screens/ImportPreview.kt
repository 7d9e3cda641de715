package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.CheckRow
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.ListPage
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.Selection
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** What is in the files and how it stands to what is here, before anything is changed. */
@Composable
internal fun PreviewPage(restoring: Boolean, page: ImportPage.Preview, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val count = page.chosen.size
    ListPage(
        words(titleKey(restoring)), { onEvent(AppEvent.Back) },
        actions = { IconTap(Icons.Add, words("import.add"), { onEvent(ImportEvent.ChooseFiles) }, !page.busy) },
        foot = {
            val import = if (restoring) words.counted("restore.do", count) else words.counted("import.do", count)
            MainButton(import, { onEvent(ImportEvent.Import) }, count > 0, page.busy)
        },
    ) {
        item("head") { Head(page, onEvent) }
        items(page.rows, ImportEntry::place) { EntryRow(it, it.place in page.chosen, onEvent) }
        if (page.setUps.isNotEmpty()) {
            item("set-ups") {
                Column(Modifier.padding(horizontal = 20.dp, vertical = 16.dp), Arrangement.spacedBy(16.dp)) {
                    NewSetUps(page.setUps)
                }
            }
        }
    }
}

@Composable
private fun Head(page: ImportPage.Preview, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    Column(Modifier.padding(start = 20.dp, end = 20.dp, bottom = 4.dp), Arrangement.spacedBy(12.dp)) {
        Headline(words("import.from", "app" to words.listed(page.apps.map(words::app))))
        if (page.madeAt != null) Body(words("import.made", "day" to words.dayAndTime(page.madeAt)))
        UnreadFiles(page.unread)
        if (page.missingParts.isNotEmpty()) {
            val count = page.missingParts.size
            val there = (page.partCount - count).coerceAtLeast(0)
            val missing = words.listed(page.missingParts.map(Int::toString))
            val parts = arrayOf("there" to "$there", "of" to "${page.partCount}", "parts" to missing)
            Refusal(words.counted("import.parts", count, *parts), words("import.parts.next"))
            OtherButton(words("import.add"), { onEvent(ImportEvent.ChooseFiles) }, !page.busy)
        }
        if (page.refusal != null) Refusal(page.refusal)
        if (page.rows.isEmpty()) Body(words("import.none"))
        else Selection(page.chosen.size, { onEvent(ImportEvent.ChooseAll) }, { onEvent(ImportEvent.ChooseNone) })
    }
}

@Composable
private fun EntryRow(entry: ImportEntry, chosen: Boolean, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val colours = MaterialTheme.colorScheme
    val standing = entry.standing
    val toggle = { onEvent(ImportEvent.Toggle(entry.place)) }.takeUnless { standing is Standing.Refused }
    CheckRow(words.title(entry.issuer, entry.name), chosen, toggle) {
        val colour = when (standing) {
            is Standing.Refused -> colours.error
            Standing.New -> colours.primary
            else -> colours.onSurfaceVariant
        }
        Detail(words.of(entry), colour)
        when (standing) {
            is Standing.Refused -> Detail("${words.what(standing.reason)} ${words.next(standing.reason)}")
            is Standing.Differs -> for (what in standing.what) Detail(words(differenceKey(what)))
            else -> Unit
        }
        for (odd in entry.odd) Detail(words("odd.$odd"))
        for (note in entry.notes) Detail(words(noteKey(note)))
    }
}

private fun Words.of(entry: ImportEntry): String = when (val standing = entry.standing) {
    Standing.New -> this(if (entry.isOdd) "import.odd" else "import.new")
    Standing.Same -> this("import.same")
    is Standing.Repeated -> this("import.repeated", "number" to standing.place + 1)
    Standing.InTrash -> this("import.in_trash")
    is Standing.Differs -> this("import.differs")
    is Standing.Refused -> this("import.refused")
}

private fun differenceKey(what: Difference) = when (what) {
    Difference.Key -> "import.differs.seed"
    Difference.Names -> "import.differs.names"
    Difference.Parameters -> "import.differs.parameters"
    Difference.Counter -> "import.differs.counter"
    Difference.Details -> "import.differs.details"
}

private fun noteKey(note: ImportNote) = when (note) {
    ImportNote.InTrash -> "import.note.in_trash"
    ImportNote.Shortened -> "import.note.shortened"
    ImportNote.BackToTrash -> "import.note.back_to_trash"
    ImportNote.ApprovalLeft -> "import.note.approval_left"
}

/** An account as one line; one without any name is called an account. */
internal fun Words.title(issuer: String, name: String): String =
    inOneLine(issuer, name).ifEmpty { this("account.title") }

/** Accounts whose sign-ins can't be approved here yet, with who to ask. */
@Composable
internal fun NewSetUps(setUps: List<NewSetUp>) {
    val words = LocalWords.current
    Group(words("import.set_up.title")) {
        LinkRow(words("import.set_up.body"))
        for (one in setUps) {
            Line()
            val ask = words("import.set_up.ask", "origin" to one.origin)
            LinkRow(words.title(one.issuer, one.name), ask, Icons.Bell)
        }
    }
}
