package org.countersign.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.Finished
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Message
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.WaitingPage
import org.countersign.ui.parts.day
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

@Composable
internal fun ImportScreen(state: ImportState, onEvent: (AppEvent) -> Unit) {
    when (val page = state.page) {
        is ImportPage.Start -> if (state.restoring) StartOfRestore(page, onEvent) else StartOfImport(page, onEvent)
        is ImportPage.Reading -> WaitingPage(words("import.opening", "name" to page.file)) { Cancel(onEvent) }
        is ImportPage.Locked -> LockedFilePage(page, onEvent)
        is ImportPage.Memory -> MemoryPage(page, onEvent)
        is ImportPage.Deriving -> WaitingPage(words("import.deriving"), page.percent) { Cancel(onEvent) }
        is ImportPage.Preview -> PreviewPage(state.restoring, page, onEvent)
        is ImportPage.Done -> DonePage(state.restoring, page, onEvent)
        is ImportPage.Failed -> FailedPage(page, onEvent)
    }
}

internal fun titleKey(restoring: Boolean) = if (restoring) "restore.title" else "import.title"

/** An app by its own name; a list of set-up links is of no app. */
internal fun Words.app(name: String): String = if (name == "otpauth") this("export.otpauth") else name

@Composable
private fun Cancel(onEvent: (AppEvent) -> Unit) =
    QuietButton(words("common.cancel"), { onEvent(AppEvent.Back) }, Modifier.fillMaxWidth())

@Composable
private fun StartOfImport(page: ImportPage.Start, onEvent: (AppEvent) -> Unit) {
    Page(
        words("import.title"), { onEvent(AppEvent.Back) },
        message = { if (page.message != null) Said(page.message, onEvent) },
        foot = { MainButton(words("import.choose"), { onEvent(ImportEvent.ChooseFiles) }) },
    ) {
        Body(words("import.body"))
        Body(words("import.apps"))
        Hint(words("import.microsoft"), icon = Icons.Briefcase)
        if (page.past.isNotEmpty()) {
            Group(words("import.past")) {
                page.past.forEachIndexed { at, import ->
                    if (at > 0) Line()
                    PastRow(import, onEvent)
                }
            }
        }
    }
    if (page.undoing != null) {
        Asking(
            words("import.undo.title"), words("import.undo.do"),
            onYes = { onEvent(ImportEvent.UndoConfirmed) }, onNo = { onEvent(ImportEvent.UndoCancelled) },
            danger = true,
        ) {
            Text(about(page.undoing))
            Text(words("import.undo.body"))
        }
    }
}

@Composable
private fun about(import: PastImport): String = with(LocalWords.current) {
    listed(listOf(app(import.app), counted("accounts.count", import.accounts), day(import.at)))
}

@Composable
private fun PastRow(import: PastImport, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    Row(
        Modifier.fillMaxWidth().heightIn(min = 64.dp).padding(start = 16.dp, end = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f).padding(vertical = 8.dp).semantics(mergeDescendants = true) {}) {
            Text(words.app(import.app), style = MaterialTheme.typography.bodyLarge)
            Detail(words.listed(listOf(words.counted("accounts.count", import.accounts), words.day(import.at))))
        }
        val undo = words("import.undo", "app" to words.app(import.app))
        IconTap(Icons.Restore, undo, { onEvent(ImportEvent.Undo(import.id)) })
    }
}

@Composable
private fun StartOfRestore(page: ImportPage.Start, onEvent: (AppEvent) -> Unit) {
    Page(
        words("restore.title"), { onEvent(AppEvent.Back) },
        message = { if (page.message != null) Said(page.message, onEvent) },
        foot = { MainButton(words("restore.choose"), { onEvent(ImportEvent.ChooseFiles) }) },
    ) {
        Body(words("restore.body"))
        Hint(words("backup.approvals"))
    }
}

@Composable
private fun Said(message: ImportMessage, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val text = when (message) {
        is ImportMessage.Undone -> words.counted("accounts.trashed", message.count)
        is ImportMessage.Refused -> "${words.what(message.reason)} ${words.next(message.reason)}"
    }
    Message(message, text, { onEvent(ImportEvent.MessageGone) })
}

@Composable
private fun DonePage(restoring: Boolean, page: ImportPage.Done, onEvent: (AppEvent) -> Unit) {
    Page(
        title = null,
        foot = {
            MainButton(words("common.done"), { onEvent(ImportEvent.Done) })
            if (page.id != null) {
                QuietButton(words("import.undo.do"), { onEvent(ImportEvent.UndoThis) }, Modifier.fillMaxWidth())
            }
        },
    ) {
        Finished(words(if (restoring) "restore.done.title" else "import.done.title"))
        if (page.count == 0) {
            Body(words("import.done.nothing"))
        } else {
            Body(LocalWords.current.counted("import.done", page.count))
            Body(words(if (restoring) "restore.done.next" else "import.done.next"))
        }
        if (page.setUps.isNotEmpty()) NewSetUps(page.setUps)
    }
}

@Composable
private fun FailedPage(page: ImportPage.Failed, onEvent: (AppEvent) -> Unit) {
    Page(
        words("import.failed.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("import.another"), { onEvent(ImportEvent.ChooseFiles) }) },
    ) {
        UnreadFiles(page.unread)
    }
}

/** Each with its reason. */
@Composable
internal fun UnreadFiles(files: List<UnreadFile>) {
    for (file in files) {
        Refusal(file.reason)
        Body(words("import.failed.file", "name" to file.name))
        if (file.over != null) {
            val (wanted, most, unit) = file.over
            val words = LocalWords.current
            Body(words("import.figures", "wanted" to words.amount(wanted, unit), "most" to words.amount(most, unit)))
        }
    }
}

private fun Words.amount(count: Long, unit: String): String = when (unit) {
    "bytes" -> this("import.bytes", "count" to count)
    "entries" -> this("import.entries", "count" to count)
    "rounds" -> this("import.rounds", "count" to count)
    "KiB of passes" -> this("import.passes", "count" to count)
    else -> "$count $unit"
}
