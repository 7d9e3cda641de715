package org.countersign.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.words.LocalWords

/** What went wrong and the next tap, spoken when it appears. */
@Composable
internal fun Refusal(reason: ReasonName, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    Refusal(words.what(reason), words.next(reason), modifier)
}

@Composable
internal fun Refusal(what: String, next: String, modifier: Modifier = Modifier) {
    Banner(Icons.Warning, modifier.spoken(), bad = true) {
        Text(what, style = MaterialTheme.typography.titleSmall)
        Text(next, style = MaterialTheme.typography.bodyMedium)
    }
}

/** Something to know, without alarm. */
@Composable
internal fun Hint(text: String, modifier: Modifier = Modifier, icon: ImageVector = Icons.Shield) {
    Banner(icon, modifier, bad = false) { Text(text, style = MaterialTheme.typography.bodyMedium) }
}

/** Read out when it appears or changes, after what is being said. */
internal fun Modifier.spoken(): Modifier = semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }

@Composable
private fun Banner(icon: ImageVector, modifier: Modifier, bad: Boolean, content: @Composable () -> Unit) {
    val colours = MaterialTheme.colorScheme
    Surface(
        modifier.fillMaxWidth(),
        MaterialTheme.shapes.medium,
        if (bad) colours.errorContainer else colours.primaryContainer,
        if (bad) colours.onErrorContainer else colours.onPrimaryContainer,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
            Icon(icon, contentDescription = null, Modifier.size(22.dp))
            Column(verticalArrangement = Arrangement.spacedBy(4.dp)) { content() }
        }
    }
}
