package org.countersign.ui.parts

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.text.input.KeyboardActionHandler
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.foundation.text.input.TextObfuscationMode
import androidx.compose.material3.OutlinedSecureTextField
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import org.countersign.ui.words.words

/** A line of text that is no secret. */
@Composable
internal fun LineField(
    value: String,
    onChange: (String) -> Unit,
    label: String,
    modifier: Modifier = Modifier,
    hint: String? = null,
    lines: Int = 1,
    keyboard: KeyboardOptions = KeyboardOptions(imeAction = ImeAction.Next),
) {
    OutlinedTextField(
        value, onChange, modifier.fillMaxWidth(),
        label = { Text(label) },
        supportingText = hint?.let { { Text(it) } },
        singleLine = lines == 1, minLines = lines,
        keyboardOptions = keyboard,
    )
}

/**
 * A password. It is never saved with the screen, no keyboard learns it, and an eye shows it while it is wanted.
 * [wrong] marks it as the one to change.
 */
@Composable
internal fun PasswordField(
    state: TextFieldState,
    label: String,
    modifier: Modifier = Modifier,
    wrong: Boolean = false,
    hint: String? = null,
    onDone: () -> Unit = {},
) {
    var shown by remember { mutableStateOf(false) }
    OutlinedSecureTextField(
        state, modifier.fillMaxWidth(),
        label = { Text(label) },
        isError = wrong,
        supportingText = hint?.let { { Text(it) } },
        trailingIcon = {
            val eye = words(if (shown) "password.hide" else "password.show")
            IconTap(if (shown) Icons.EyeOff else Icons.Eye, eye, { shown = !shown })
        },
        textObfuscationMode = if (shown) TextObfuscationMode.Visible else TextObfuscationMode.RevealLastTyped,
        keyboardOptions = KeyboardOptions(
            autoCorrectEnabled = false, keyboardType = KeyboardType.Password, imeAction = ImeAction.Done,
        ),
        onKeyboardAction = KeyboardActionHandler { onDone() },
    )
}

/** Letters and digits that are checked sign by sign: recovery codes and secrets. */
internal val CodeKeyboard = KeyboardOptions(
    capitalization = KeyboardCapitalization.Characters,
    autoCorrectEnabled = false,
    keyboardType = KeyboardType.Ascii,
    imeAction = ImeAction.Done,
)
