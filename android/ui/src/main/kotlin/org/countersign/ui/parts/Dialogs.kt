package org.countersign.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.words.words

/** A question with one answer and a way back; its content scrolls where it is long. */
@Composable
internal fun Asking(
    title: String,
    yes: String,
    onYes: () -> Unit,
    onNo: () -> Unit,
    danger: Boolean = false,
    content: @Composable () -> Unit,
) {
    AlertDialog(
        onNo,
        // A dialog is narrow: large text in a large style breaks words.
        title = { if (largeText()) Text(title, style = MaterialTheme.typography.titleMedium) else Text(title) },
        text = {
            // The label of a field stands on its frame, with its upper line above it.
            val above = if (largeText()) 24.dp else 0.dp
            Column(
                Modifier.verticalScroll(rememberScrollState()).padding(top = above), Arrangement.spacedBy(12.dp),
            ) { content() }
        },
        confirmButton = { QuietButton(yes, onYes, danger = danger) },
        dismissButton = { QuietButton(words("common.cancel"), onNo) },
    )
}
