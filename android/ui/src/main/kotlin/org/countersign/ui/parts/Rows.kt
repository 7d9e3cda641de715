package org.countersign.ui.parts

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** A group of rows on one card, under a small heading. */
@Composable
internal fun Group(title: String? = null, content: @Composable ColumnScope.() -> Unit) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        if (title != null) {
            Text(
                title, Modifier.padding(horizontal = 4.dp).semantics { heading() },
                MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.titleSmall,
            )
        }
        Card { Column(content = content) }
    }
}

@Composable
internal fun Card(modifier: Modifier = Modifier, content: @Composable () -> Unit) {
    Surface(
        modifier.fillMaxWidth(), MaterialTheme.shapes.medium, MaterialTheme.colorScheme.surfaceContainer,
        content = content,
    )
}

@Composable
internal fun Line() = HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)

/** A row that leads somewhere, or, without [onTap], only tells; [action] says what a tap does. */
@Composable
internal fun LinkRow(
    title: String,
    detail: String? = null,
    icon: ImageVector? = null,
    danger: Boolean = false,
    action: String? = null,
    onTap: (() -> Unit)? = null,
) {
    val tap = if (onTap == null) {
        Modifier.semantics(mergeDescendants = true) {}
    } else {
        Modifier.clickable(role = Role.Button, onClick = onTap)
    }
    RowOf(tap, title, detail, icon, danger) {
        if (action != null && !largeText()) {
            Text(action, color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.labelLarge)
        }
    }
}

@Composable
internal fun SwitchRow(
    title: String,
    detail: String?,
    on: Boolean,
    onChange: (Boolean) -> Unit,
    icon: ImageVector? = null,
) {
    val tap = Modifier.toggleable(on, role = Role.Switch, onValueChange = onChange)
    RowOf(tap, title, detail, icon) { Switch(on, onCheckedChange = null) }
}

@Composable
internal fun ChoiceRow(title: String, chosen: Boolean, onTap: () -> Unit) {
    val tap = Modifier.selectable(chosen, role = Role.RadioButton, onClick = onTap)
    RowOf(tap, title, detail = null) { RadioButton(chosen, onClick = null) }
}

/** A row that is chosen or not, with [details] below its title; without [onTap] it can't be. */
@Composable
internal fun CheckRow(
    title: String,
    chosen: Boolean,
    onTap: (() -> Unit)?,
    modifier: Modifier = Modifier,
    details: @Composable ColumnScope.() -> Unit,
) {
    val tap = if (onTap == null) {
        Modifier.semantics(mergeDescendants = true) {}
    } else {
        Modifier.toggleable(chosen, role = Role.Checkbox, onValueChange = { onTap() })
    }
    Row(
        modifier.then(tap).fillMaxWidth().heightIn(min = 64.dp).padding(horizontal = 20.dp, vertical = 10.dp),
        Arrangement.spacedBy(16.dp),
    ) {
        val place = Modifier.size(24.dp)
        if (onTap == null) Spacer(place) else Checkbox(chosen, onCheckedChange = null, place)
        Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
            Text(title, style = MaterialTheme.typography.bodyLarge)
            details()
        }
    }
}

/** How many rows are chosen, and all or none at once. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Selection(count: Int, onAll: () -> Unit, onNone: () -> Unit) {
    FlowRow(Modifier.fillMaxWidth(), itemVerticalAlignment = Alignment.CenterVertically) {
        Text(
            LocalWords.current.counted("accounts.selected", count), Modifier.padding(end = 8.dp),
            style = MaterialTheme.typography.titleSmall,
        )
        QuietButton(words("import.select_all"), onAll)
        QuietButton(words("accounts.select_none"), onNone)
    }
}

/** A line below the title of a row. */
@Composable
internal fun Detail(text: String, colour: Color = MaterialTheme.colorScheme.onSurfaceVariant) {
    Text(text, color = colour, style = MaterialTheme.typography.bodyMedium)
}

@Composable
private fun RowOf(
    tap: Modifier,
    title: String,
    detail: String?,
    icon: ImageVector? = null,
    danger: Boolean = false,
    end: @Composable () -> Unit = {},
) {
    val colours = MaterialTheme.colorScheme
    Row(
        tap.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 16.dp, vertical = 12.dp),
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        val ink = if (danger) colours.error else colours.onSurface
        if (icon != null) {
            Icon(icon, contentDescription = null, Modifier.size(24.dp), if (danger) ink else colours.primary)
        }
        Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
            Text(title, color = ink, style = MaterialTheme.typography.bodyLarge)
            if (detail != null) {
                Text(detail, color = colours.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
        end()
    }
}
