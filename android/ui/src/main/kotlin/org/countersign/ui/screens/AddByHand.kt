package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.foundation.text.input.TextFieldLineLimits
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.CodeKeyboard
import org.countersign.ui.parts.LineField
import org.countersign.ui.parts.LocalHost
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.SwitchRow
import org.countersign.ui.words.words

@Composable
internal fun ScanPage(state: AddState.Scan, onEvent: (AppEvent) -> Unit) {
    Page(
        words("add.scan.title"), { onEvent(AppEvent.Back) },
        foot = { QuietButton(words("add.another_way"), { onEvent(AddEvent.AnotherWay) }, Modifier.fillMaxWidth()) },
    ) {
        Body(words("add.scan.body"))
        Box(Modifier.fillMaxWidth().aspectRatio(1f).clip(MaterialTheme.shapes.large)) {
            LocalHost.current.CameraView(Modifier.matchParentSize())
        }
        if (state.refusal != null) Refusal(state.refusal)
    }
}

@Composable
internal fun PastePage(state: AddState.Paste, onEvent: (AppEvent) -> Unit) {
    val text = remember { TextFieldState() }
    val take = { onEvent(AddEvent.Pasted(Typed(text.text))) }
    Page(
        words("add.paste.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("common.next"), take, text.text.isNotBlank()) },
    ) {
        Body(words("add.paste.body"))
        OtherButton(words("add.paste.clipboard"), { onEvent(AddEvent.TakeClipboard) })
        OutlinedTextField(
            text, Modifier.fillMaxWidth().heightIn(min = 120.dp),
            label = { Text(words("add.paste.label")) },
            isError = state.refusal != null,
            keyboardOptions = LinkKeyboard,
            lineLimits = TextFieldLineLimits.MultiLine(maxHeightInLines = 6),
        )
        if (state.refusal != null) Refusal(state.refusal)
    }
}

/** No keyboard learns what is in a set-up link. */
private val LinkKeyboard = KeyboardOptions(
    autoCorrectEnabled = false, keyboardType = KeyboardType.Uri,
)

@Composable
internal fun TypeInPage(state: AddState.TypeIn, onEvent: (AppEvent) -> Unit) {
    var issuer by rememberSaveable { mutableStateOf("") }
    var name by rememberSaveable { mutableStateOf("") }
    val secret = remember { TextFieldState() }
    var how by remember { mutableStateOf(How()) }
    var more by rememberSaveable { mutableStateOf(false) }
    val take = { onEvent(AddEvent.TypedIn(how.account(issuer.trim(), name.trim(), secret.text))) }
    val ready = secret.text.isNotBlank() && (issuer.isNotBlank() || name.isNotBlank())
    Page(
        words("add.way.type"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("common.next"), take, ready) },
    ) {
        Body(words("add.type.body"))
        LineField(issuer, { issuer = it }, words("account.issuer"), hint = words("add.type.issuer.hint"))
        LineField(name, { name = it }, words("account.name"), hint = words("add.type.name.hint"))
        OutlinedTextField(
            secret, Modifier.fillMaxWidth(),
            label = { Text(words("add.type.secret")) },
            supportingText = { Text(words("add.type.secret.hint")) },
            isError = state.refusal != null,
            keyboardOptions = CodeKeyboard,
            lineLimits = TextFieldLineLimits.MultiLine(maxHeightInLines = 4),
        )
        if (state.refusal != null) Refusal(state.refusal)
        QuietButton(words(if (more) "add.type.less" else "add.type.more"), { more = !more })
        if (more) HowChoices(how) { how = it }
    }
}

/** How the codes of a typed account are made; almost all are made as these are. */
private data class How(
    val digits: Int = 6, val period: Int = 30, val algorithm: HashOf = HashOf.Sha1, val counter: Boolean = false,
) {
    fun account(issuer: String, name: String, secret: CharSequence) =
        TypedAccount(issuer, name, Typed(secret), digits, period, algorithm, counter)
}

@Composable
private fun HowChoices(how: How, onHow: (How) -> Unit) {
    Card {
        val turn = { on: Boolean -> onHow(how.copy(counter = on)) }
        SwitchRow(words("add.type.counter"), words("add.type.counter.detail"), how.counter, turn)
    }
    Chips(words("codes.digits"), listOf(6, 7, 8), how.digits, Int::toString) { onHow(how.copy(digits = it)) }
    if (!how.counter) {
        Chips(words("codes.period"), listOf(30, 60), how.period, Int::toString) { onHow(how.copy(period = it)) }
    }
    Chips(words("codes.algorithm"), HashOf.entries.filter { it.common }, how.algorithm, HashOf::shown) { onHow(how.copy(algorithm = it)) }
}

@Composable
private fun <T> Chips(title: String, all: List<T>, chosen: T, text: (T) -> String, onChosen: (T) -> Unit) {
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Text(title, style = MaterialTheme.typography.titleSmall)
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            for (one in all) FilterChip(one == chosen, { onChosen(one) }, { Text(text(one)) })
        }
    }
}
