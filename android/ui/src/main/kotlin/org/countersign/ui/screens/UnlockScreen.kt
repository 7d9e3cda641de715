package org.countersign.ui.screens

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LogoTile
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.PasswordField
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

@Composable
internal fun UnlockScreen(state: UnlockState, onEvent: (AppEvent) -> Unit) {
    val typed = remember(state.way, state.tries) { TextFieldState() }
    val open = {
        when (state.way) {
            Way.DeviceLock -> onEvent(UnlockEvent.UseDeviceLock)
            Way.Password -> onEvent(UnlockEvent.Password(Typed(typed.text)))
            Way.RecoveryCode -> onEvent(UnlockEvent.RecoveryCode(Typed(typed.text)))
        }
    }
    val ready = state.way == Way.DeviceLock || typed.text.isNotEmpty()
    Page(
        title = null,
        foot = {
            MainButton(words(if (state.way == Way.DeviceLock) "unlock.device" else "unlock.open"), open, ready, state.busy)
            if (state.rolledBack) OtherButton(words("unlock.open_older"), { onEvent(UnlockEvent.OpenOlder) }, danger = true)
            for (way in state.ways - state.way) OtherWay(way) { onEvent(UnlockEvent.Choose(way)) }
        },
    ) {
        LogoTile(64.dp, Modifier.padding(top = 32.dp, bottom = 8.dp))
        Headline(words("unlock.title"))
        if (state.requestWaits) Hint(words("unlock.request_waits"), Modifier.spoken(), Icons.Bell)
        when (state.way) {
            Way.DeviceLock -> Body(words("unlock.device.body"))
            Way.Password -> PasswordField(typed, words("password.label"), wrong = state.refusal != null, onDone = open)
            Way.RecoveryCode -> CodeField(typed, words("recovery.code"), state.refusal != null, onDone = open)
        }
        val mistake = state.mistake
        when {
            mistake != null -> Refusal(LocalWords.current.mistake(mistake), words("recovery.mistake.next"))
            state.refusal != null -> Refusal(state.refusal)
        }
    }
}

@Composable
private fun OtherWay(way: Way, onTap: () -> Unit) {
    val key = when (way) {
        Way.DeviceLock -> "unlock.with_device"
        Way.Password -> "unlock.with_password"
        Way.RecoveryCode -> "unlock.with_recovery"
    }
    QuietButton(words(key), onTap, Modifier.fillMaxWidth())
}

/** Where the mistake in a recovery code is. */
internal fun Words.mistake(mistake: RecoveryMistake): String = when (mistake) {
    is RecoveryMistake.Length -> this("recovery.mistake.length", "count" to mistake.symbols)
    is RecoveryMistake.Symbol -> this("recovery.mistake.symbol", "place" to mistake.place)
    RecoveryMistake.Check -> this("recovery.mistake.check")
    RecoveryMistake.Other -> this("recovery.mistake.other")
}

/** Nothing can be opened; nothing has been changed. */
@Composable
internal fun UnusableScreen(state: UnusableState, onEvent: (AppEvent) -> Unit) {
    Page(
        title = null,
        foot = {
            MainButton(words("common.try_again"), { onEvent(UnusableEvent.TryAgain) })
            OtherButton(words("report.copy"), { onEvent(UnusableEvent.CopyReport) })
        },
    ) {
        LogoTile(64.dp, Modifier.padding(top = 32.dp, bottom = 8.dp))
        Headline(words("unusable.title"))
        Refusal(state.reason)
        Text(state.report, fontFamily = FontFamily.Monospace, style = MaterialTheme.typography.bodySmall)
    }
}
