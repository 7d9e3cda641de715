package org.countersign.ui.screens

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** "Let's try it out": with the code that the page asks for, or with a first sign-in. */
@Composable
internal fun AddedPage(state: AddState.Added, onEvent: (AppEvent) -> Unit) {
    val tried = state.approvals && !state.already
    val looked = tried && !state.scanned
    Page(
        title = null,
        foot = {
            if (looked) MainButton(words("added.look"), { onEvent(AddEvent.TryRequest) })
            val done = { onEvent(AddEvent.Done) }
            if (looked) OtherButton(words("added.later"), done) else MainButton(words("common.done"), done)
        },
    ) {
        Icon(
            Icons.CheckCircle, contentDescription = null, Modifier.padding(top = 32.dp).size(56.dp),
            MaterialTheme.colorScheme.primary,
        )
        Headline(words(if (state.already) "added.already" else "added.title"), Modifier.spoken())
        Body(listOf(state.issuer, state.name).filter(String::isNotBlank).joinToString("\n"))
        if (state.already) Body(words("added.already.body"))
        if (tried || state.code != null) Text(words("added.try"), style = MaterialTheme.typography.titleLarge)
        if (tried) Body(words(if (looked) "added.try.request" else "added.try.scan"))
        if (state.code != null) {
            Body(words("added.try.code"))
            CodeCard(state.code) { onEvent(AddEvent.CopyCode) }
        }
        Oddities(state.odd)
    }
}

@Composable
private fun CodeCard(code: TimedCode, onCopy: () -> Unit) {
    val words = LocalWords.current
    val now = LocalNow.current
    Card {
        Column(
            Modifier.fillMaxWidth().clickable(onClick = onCopy)
                .clearAndSetSemantics {
                    contentDescription = words.spoken(code, now)
                    onClick(words("accounts.do.copy")) { onCopy(); true }
                }
                .padding(20.dp),
        ) {
            WithTimeLeft(code) { Code(RowCode.Timed(code), hidden = false) }
            Text(words("added.tap_to_copy"), style = MaterialTheme.typography.bodySmall)
        }
    }
}
