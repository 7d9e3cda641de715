package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.CodeKeyboard
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.PasswordField
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.largeText
import org.countersign.ui.parts.oneByOne
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

/** A password, typed twice; [about] says what it is for. */
@Composable
internal fun NewPasswordPage(
    title: String,
    busy: Boolean,
    refusal: ReasonName?,
    onBack: () -> Unit,
    onChosen: (Typed) -> Unit,
    about: @Composable () -> Unit = {},
) {
    val first = remember { TextFieldState() }
    val second = remember { TextFieldState() }
    val same = first.text.contentEquals(second.text)
    val ready = first.text.isNotEmpty() && same
    val take = { if (ready) onChosen(Typed(first.text)) }
    Page(title, onBack, foot = { MainButton(words("password.use"), take, ready, busy) }) {
        about()
        Body(words("password.advice"))
        if (refusal != null) Refusal(refusal)
        PasswordField(first, words("password.new"))
        val differs = !same && second.text.length >= first.text.length
        PasswordField(
            second, words("password.again"), wrong = differs,
            hint = words("password.differs").takeIf { differs }, onDone = take,
        )
    }
}

/** The recovery code, group by group, as it is written on paper. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun WriteDownPage(
    groups: List<Hidden>,
    onBack: (() -> Unit)?,
    onWritten: () -> Unit,
    body: String = words("recovery.body"),
    keep: String = words("recovery.keep"),
) {
    Page(
        words("recovery.title"), onBack,
        foot = { MainButton(words("recovery.written"), onWritten) },
    ) {
        Body(body)
        Card {
            // One group a line where the text is large: some pairs would fit beside each other, and others not.
            FlowRow(
                Modifier.padding(16.dp), Arrangement.spacedBy(24.dp), Arrangement.spacedBy(12.dp),
                maxItemsInEachRow = if (largeText()) 1 else Int.MAX_VALUE,
            ) { groups.forEachIndexed { at, group -> Group(at + 1, group) } }
        }
        Hint(keep)
    }
}

@Composable
private fun Group(number: Int, group: Hidden) {
    val spoken = words("recovery.group.spoken", "number" to number, "text" to oneByOne(group.text))
    Row(
        Modifier.widthIn(min = 128.dp).clearAndSetSemantics { contentDescription = spoken },
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Text("$number", color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        Text(
            group.text, fontWeight = FontWeight.Medium, letterSpacing = 0.08.em,
            style = MaterialTheme.typography.titleLarge,
        )
    }
}

/** One group of the paper is typed, to see that it was written down. */
@Composable
internal fun CheckGroupPage(group: Int, wrong: Boolean, onTyped: (Typed) -> Unit, onShowAgain: () -> Unit) {
    val typed = remember(group) { TextFieldState() }
    val check = { if (typed.text.isNotBlank()) onTyped(Typed(typed.text)) }
    Page(
        words("recovery.check.title"), onBack = onShowAgain,
        foot = {
            MainButton(words("recovery.check.do"), check, typed.text.isNotBlank())
            QuietButton(words("recovery.show_again"), onShowAgain, Modifier.fillMaxWidth())
        },
    ) {
        Body(words("recovery.check.body", "number" to group))
        CodeField(typed, words("recovery.group", "number" to group), wrong, onDone = check)
        if (wrong) Text(words("recovery.check.wrong"), Modifier.spoken(), MaterialTheme.colorScheme.error)
    }
}

/** A field for a recovery code or a part of it. */
@Composable
internal fun CodeField(state: TextFieldState, label: String, wrong: Boolean, onDone: () -> Unit) {
    OutlinedTextField(
        state, Modifier.fillMaxWidth(),
        label = { Text(label) },
        isError = wrong,
        textStyle = MaterialTheme.typography.titleLarge.copy(letterSpacing = 0.08.em),
        keyboardOptions = CodeKeyboard,
        onKeyboardAction = { onDone() },
    )
}
