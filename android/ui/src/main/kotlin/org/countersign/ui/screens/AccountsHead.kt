package org.countersign.ui.screens

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.PageWidth
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.secondsTo
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** The badge for waiting sign-ins: the most important thing on the screen while there is one. */
@Composable
internal fun WaitingCard(waiting: Int, onEvent: (AppEvent) -> Unit) {
    if (waiting == 0) return
    val colours = MaterialTheme.colorScheme
    Surface(
        Modifier.widthIn(max = PageWidth).fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp).spoken(),
        MaterialTheme.shapes.medium, colours.primary, colours.onPrimary,
    ) {
        Row(
            Modifier.clickable(role = Role.Button) { onEvent(AccountsEvent.OpenRequests) }
                .heightIn(min = 64.dp).padding(horizontal = 16.dp, vertical = 12.dp),
            Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
        ) {
            Icon(Icons.Bell, contentDescription = null, Modifier.size(26.dp))
            Text(
                LocalWords.current.counted("accounts.waiting", waiting), Modifier.weight(1f),
                style = MaterialTheme.typography.titleMedium,
            )
            Text(words("accounts.waiting.open"), style = MaterialTheme.typography.labelLarge)
        }
    }
}

/** What is not safe in a backup, with the way to that. */
@Composable
internal fun BackupCard(warning: BackupWarning?, onEvent: (AppEvent) -> Unit) {
    if (warning == null) return
    val words = LocalWords.current
    Card(Modifier.widthIn(max = PageWidth).padding(horizontal = 16.dp, vertical = 8.dp)) {
        LinkRow(
            words.what(warning), words.next(warning), Icons.Warning, danger = warning is BackupWarning.Unwritten,
            action = words("backup.open"), onTap = { onEvent(AccountsEvent.OpenBackup) },
        )
    }
}

/** How the looking for sign-ins goes. */
@Composable
internal fun LookLine(look: Look, onEvent: (AppEvent) -> Unit) {
    when (look) {
        Look.None -> Unit
        Look.Now -> Told(words("look.now"), busy = true)
        Look.NothingWaits -> Told(words("look.nothing"))
        is Look.Expecting -> Expecting(look.until, onEvent)
        is Look.Failed -> Refusal(
            look.reason, Modifier.widthIn(max = PageWidth).padding(horizontal = 16.dp, vertical = 8.dp),
        )
    }
}

@Composable
private fun Expecting(until: Long, onEvent: (AppEvent) -> Unit) {
    val now = LocalNow.current
    val left by remember(now, until) { derivedStateOf { now.secondsTo(until) } }
    Told(words("look.expecting", "time" to "%d:%02d".format(left / 60, left % 60)), busy = true, live = false) {
        QuietButton(words("look.stop"), { onEvent(AccountsEvent.StopExpecting) })
    }
}

/** [live] is off for what changes each second. */
@Composable
private fun Told(text: String, busy: Boolean = false, live: Boolean = true, end: @Composable () -> Unit = {}) {
    val row = Modifier.widthIn(max = PageWidth).fillMaxWidth().heightIn(min = 48.dp).padding(horizontal = 20.dp)
    Row(if (live) row.spoken() else row, Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        if (busy) CircularProgressIndicator(Modifier.size(18.dp), strokeWidth = 2.dp)
        Text(
            text, Modifier.weight(1f), MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodyMedium,
        )
        end()
    }
}
