package org.countersign.ui.parts

import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.countersign.ui.words.words

/** The one thing to do on a page. While [busy] it can't be tapped, and says so. */
@Composable
internal fun MainButton(text: String, onTap: () -> Unit, enabled: Boolean = true, busy: Boolean = false) {
    val wait = words("common.working")
    val looks = if (busy) Wide.semantics { contentDescription = wait } else Wide
    Button(onTap, looks, enabled && !busy, contentPadding = Inner) { if (busy) Busy() else Label(text) }
}

@Composable
internal fun OtherButton(text: String, onTap: () -> Unit, enabled: Boolean = true, danger: Boolean = false) {
    val colours = MaterialTheme.colorScheme
    val content = if (danger) colours.error else colours.primary
    val looks = ButtonDefaults.outlinedButtonColors(contentColor = content)
    OutlinedButton(onTap, Wide, enabled, colors = looks, contentPadding = Inner) { Label(text) }
}

@Composable
internal fun QuietButton(text: String, onTap: () -> Unit, modifier: Modifier = Modifier, danger: Boolean = false) {
    val colours = MaterialTheme.colorScheme
    val looks = ButtonDefaults.textButtonColors(contentColor = if (danger) colours.error else colours.primary)
    TextButton(onTap, modifier.heightIn(min = 48.dp), colors = looks) { Label(text) }
}

private val Wide = Modifier.fillMaxWidth().heightIn(min = 52.dp)
private val Inner = PaddingValues(horizontal = 20.dp, vertical = 12.dp)

@Composable
private fun Label(text: String) = Text(text, textAlign = TextAlign.Center)

/** The button around it says what it means. */
@Composable
private fun Busy() =
    CircularProgressIndicator(Modifier.size(22.dp).clearAndSetSemantics {}, LocalContentColor.current, 2.dp)
