package org.countersign.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.material3.TopAppBarDefaults
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.countersign.ui.words.words

/** Wider screens leave the rest free: long lines are hard to read. */
internal val PageWidth = 600.dp

/**
 * A page that scrolls, also at 200 % text; [foot] holds its buttons, at the bottom where there is room. A page without
 * [title] begins with its content.
 */
@Composable
internal fun Page(
    title: String?,
    onBack: (() -> Unit)? = null,
    actions: @Composable RowScope.() -> Unit = {},
    message: @Composable () -> Unit = {},
    foot: (@Composable ColumnScope.() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    val bar = @Composable { if (title != null || onBack != null) Bar(title, onBack, actions) }
    Scaffold(topBar = bar, snackbarHost = message) { inner ->
        BoxWithConstraints(Modifier.fillMaxSize().padding(inner).imePadding(), Alignment.TopCenter) {
            val viewport = maxHeight
            Column(
                Modifier.verticalScroll(rememberScrollState())
                    .heightIn(min = viewport)
                    .widthIn(max = PageWidth)
                    .fillMaxWidth()
                    .padding(horizontal = 20.dp, vertical = 16.dp),
                Arrangement.SpaceBetween,
            ) {
                Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), content = content)
                if (foot != null) {
                    Column(Modifier.fillMaxWidth().padding(top = 24.dp), Arrangement.spacedBy(8.dp), content = foot)
                }
            }
        }
    }
}

/** A page with a list of any length; only the rows on screen are composed. [foot] stays below it. */
@Composable
internal fun ListPage(
    title: String,
    onBack: () -> Unit,
    actions: @Composable RowScope.() -> Unit = {},
    foot: @Composable ColumnScope.() -> Unit,
    content: LazyListScope.() -> Unit,
) {
    Scaffold(topBar = { Bar(title, onBack, actions) }) { inner ->
        Column(Modifier.fillMaxSize().padding(inner), horizontalAlignment = Alignment.CenterHorizontally) {
            LazyColumn(Modifier.weight(1f).widthIn(max = PageWidth).fillMaxWidth(), content = content)
            Column(
                Modifier.widthIn(max = PageWidth).fillMaxWidth().padding(horizontal = 20.dp, vertical = 12.dp),
                Arrangement.spacedBy(8.dp), content = foot,
            )
        }
    }
}

/** A page on which somebody can only wait, or leave by [foot]. */
@Composable
internal fun WaitingPage(text: String, percent: Int? = null, foot: (@Composable ColumnScope.() -> Unit)? = null) {
    Page(title = null, foot = foot) {
        Column(
            Modifier.fillMaxWidth().padding(top = 120.dp), Arrangement.spacedBy(20.dp), Alignment.CenterHorizontally,
        ) {
            if (percent == null) CircularProgressIndicator() else CircularProgressIndicator({ percent / 100f })
            Text(
                text, Modifier.spoken().semantics { heading() }, MaterialTheme.colorScheme.onSurfaceVariant,
                textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyLarge,
            )
            if (percent != null) Body(words("import.percent", "percent" to percent))
        }
    }
}

/** The end of something, well done. */
@Composable
internal fun ColumnScope.Finished(title: String) {
    Icon(
        Icons.CheckCircle, contentDescription = null,
        Modifier.padding(top = 32.dp).size(56.dp), MaterialTheme.colorScheme.primary,
    )
    Headline(title, Modifier.spoken())
}

/** Its title takes a second line where the text is large: a top bar of a fixed height would cut it off. */
@Composable
internal fun Bar(title: String?, onBack: (() -> Unit)?, actions: @Composable RowScope.() -> Unit = {}) {
    val back = @Composable { if (onBack != null) IconTap(Icons.Back, words("common.back"), onBack) }
    BarOf(title, back.takeIf { onBack != null }, actions)
}

@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun BarOf(title: String?, start: (@Composable () -> Unit)?, actions: @Composable RowScope.() -> Unit) {
    Row(
        Modifier.fillMaxWidth().windowInsetsPadding(TopAppBarDefaults.windowInsets)
            .heightIn(min = 64.dp).padding(horizontal = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        start?.invoke()
        val before = if (start == null) 16.dp else 8.dp
        BarTitle(title.orEmpty(), Modifier.weight(1f).padding(start = before, top = 8.dp, bottom = 8.dp))
        actions()
    }
}

@Composable
internal fun BarTitle(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** A title of one word: where the text is large it is as large as fits, and not broken. */
@Composable
internal fun BarWord(text: String, modifier: Modifier = Modifier) {
    val style = MaterialTheme.typography.titleLarge.copy(LocalContentColor.current)
    OneLine(text, style, modifier.semantics { heading() })
}

/** Text that stays on one line: where there is not the room for [style], it is no larger than fits. */
@Composable
internal fun OneLine(text: String, style: TextStyle, modifier: Modifier = Modifier) {
    val size = TextAutoSize.StepBased(style.fontSize * SMALLEST, style.fontSize, 1.sp)
    BasicText(text, modifier, style, softWrap = false, maxLines = 1, autoSize = size)
}

/** As large as text of its kind is at the usual size, where the system's is at 200 %. */
private const val SMALLEST = 0.5f

/** A button that is only an icon; [label] is spoken. */
@Composable
internal fun IconTap(icon: ImageVector, label: String, onTap: () -> Unit, enabled: Boolean = true) {
    IconButton(onTap, enabled = enabled) { Icon(icon, label) }
}

/** The one heading of a page that has it in its content. */
@Composable
internal fun Headline(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
}

@Composable
internal fun Body(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier, MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge)
}
