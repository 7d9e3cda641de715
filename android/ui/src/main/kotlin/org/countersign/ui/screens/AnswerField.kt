package org.countersign.ui.screens

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.ChoiceRow
import org.countersign.ui.parts.Refusal
import org.countersign.ui.theme.number
import org.countersign.ui.words.words

/** What the other screen shows is entered here: on the number keyboard, with letters, or picked from words. */
@Composable
internal fun AnswerField(
    wants: Wanted,
    typed: String,
    onTyped: (String) -> Unit,
    enabled: Boolean,
    missed: Boolean,
    onDone: () -> Unit,
) {
    when (wants) {
        Wanted.Number -> Typing(typed, onTyped, enabled, missed, onDone, words("request.number_hint"), Digits, ::digits)
        Wanted.Letters -> Typing(
            typed, onTyped, enabled, missed, onDone, words("request.letters_hint"), Letters, ::short,
        )
        is Wanted.Pin -> Typing(
            typed, onTyped, enabled, missed, onDone, words("request.pin_hint", "length" to wants.length),
            Pin, ::short, PasswordVisualTransformation(),
        )
        is Wanted.Word -> Words(wants.words, typed, onTyped, enabled)
        Wanted.Confirmation -> Unit
        is Wanted.Unsupported -> Refusal(wants.reason)
    }
}

/** No answer is longer; what is pasted beyond is not taken. */
private const val LONGEST = 32

/** Digits of any script, as full-width ones of a Japanese keyboard; the core reads them by their value. */
private fun digits(text: String) = text.filter(Char::isDigit).take(LONGEST)

private fun short(text: String) = text.take(LONGEST)

private val Digits = KeyboardOptions(keyboardType = KeyboardType.Number, imeAction = ImeAction.Done)
private val Pin = KeyboardOptions(
    autoCorrectEnabled = false, keyboardType = KeyboardType.Password, imeAction = ImeAction.Done,
)
private val Letters = KeyboardOptions(
    KeyboardCapitalization.Characters, autoCorrectEnabled = false, KeyboardType.Ascii, ImeAction.Done,
)

@Composable
private fun Typing(
    typed: String,
    onTyped: (String) -> Unit,
    enabled: Boolean,
    missed: Boolean,
    onDone: () -> Unit,
    hint: String,
    keyboard: KeyboardOptions,
    clean: (String) -> String,
    shown: VisualTransformation = VisualTransformation.None,
) {
    val focus = remember { FocusRequester() }
    OutlinedTextField(
        typed, { onTyped(clean(it)) },
        Modifier.fillMaxWidth().focusRequester(focus),
        enabled = enabled,
        isError = missed,
        textStyle = MaterialTheme.typography.number.copy(textAlign = TextAlign.Center),
        label = { Text(hint) },
        singleLine = true,
        visualTransformation = shown,
        keyboardOptions = keyboard,
        keyboardActions = KeyboardActions { onDone() },
    )
    // After the field, so that it listens already: else its label would lie over what is typed.
    LaunchedEffect(missed) { focus.requestFocus() }
}

@Composable
private fun Words(words: List<String>, chosen: String, onChosen: (String) -> Unit, enabled: Boolean) {
    Column(Modifier.selectableGroup(), Arrangement.spacedBy(8.dp)) {
        for (word in words) {
            Surface(
                shape = MaterialTheme.shapes.medium, color = MaterialTheme.colorScheme.surfaceContainer,
                border = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant),
            ) { ChoiceRow(word, word == chosen) { if (enabled) onChosen(word) } }
        }
    }
}
