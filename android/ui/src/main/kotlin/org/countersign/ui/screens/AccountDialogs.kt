package org.countersign.ui.screens

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.FilterQuality
import androidx.compose.ui.unit.dp
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Arrangement
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.LineField
import org.countersign.ui.parts.LocalHost
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.words.words

@Composable
internal fun AccountDialogView(state: AccountState, dialog: AccountDialog, onEvent: (AppEvent) -> Unit) {
    val close = { onEvent(AccountEvent.CloseDialog) }
    when (dialog) {
        AccountDialog.Rename -> Rename(state, onEvent, close)
        AccountDialog.Tags -> Edit(
            words("account.tags"), state.tags.joinToString(", "), words("account.tags.hint"), close,
        ) { onEvent(AccountEvent.TagsChanged(tagsIn(it))) }
        AccountDialog.Note -> Edit(words("account.note"), state.note, words("account.note.hint"), close, lines = 4) {
            onEvent(AccountEvent.NoteChanged(it.trim()))
        }
        AccountDialog.Label -> Edit(words("account.label"), state.label.orEmpty(), words("account.label.hint"), close) {
            onEvent(AccountEvent.LabelChanged(it.trim().ifEmpty { null }))
        }
        AccountDialog.Remove -> Asking(
            words("account.remove.title"), words("account.remove.do"),
            onYes = { onEvent(AccountEvent.RemoveConfirmed) }, onNo = close, danger = true,
        ) {
            Text(words("account.remove.trash"))
            Text(words("account.remove.server"))
        }
        AccountDialog.LockOut -> LockOutQuestion({ onEvent(AccountEvent.LockOutConfirmed) }, close)
        is AccountDialog.SetupCode -> SetupCode(dialog, close)
    }
}

/** `work, school`: without blanks and doubles. */
private fun tagsIn(text: String): List<String> =
    text.split(',', '、', '，').map(String::trim).filter(String::isNotEmpty).distinct()

@Composable
private fun Rename(state: AccountState, onEvent: (AppEvent) -> Unit, close: () -> Unit) {
    var issuer by remember { mutableStateOf(state.issuer) }
    var name by remember { mutableStateOf(state.name) }
    val save = {
        if (issuer.isNotBlank() || name.isNotBlank()) onEvent(AccountEvent.Renamed(issuer.trim(), name.trim()))
    }
    Asking(words("account.rename"), words("common.save"), save, close) {
        LineField(issuer, { issuer = it }, words("account.issuer"))
        LineField(name, { name = it }, words("account.name"))
    }
}

@Composable
private fun Edit(
    title: String, before: String, hint: String, close: () -> Unit, lines: Int = 1, onSave: (String) -> Unit,
) {
    var text by remember { mutableStateOf(before) }
    Asking(title, words("common.save"), { onSave(text) }, close) {
        LineField(text, { text = it }, title, hint = hint, lines = lines)
    }
}

/** A second device scans it. Dark on white, whatever the theme: scanners want it so. */
@Composable
private fun SetupCode(dialog: AccountDialog.SetupCode, close: () -> Unit) {
    val host = LocalHost.current
    val picture = remember(dialog) { host.picture(dialog.png) }
    AlertDialog(
        close,
        title = { Text(words("account.setup_code")) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
                Text(words("account.setup_code.warning"))
                if (picture != null) {
                    Image(
                        picture, words("account.setup_code.picture"),
                        Modifier.fillMaxWidth().aspectRatio(1f).background(Color.White).padding(8.dp),
                        filterQuality = FilterQuality.None,
                    )
                }
            }
        },
        confirmButton = { QuietButton(words("common.close"), close) },
    )
}
