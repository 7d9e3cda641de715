package org.countersign.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.PointerEventPass
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.text.font.FontFamily
import org.countersign.ui.parts.Host
import org.countersign.ui.parts.LocalHost
import org.countersign.ui.screens.AccountScreen
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AccountsScreen
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddScreen
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.AppState
import org.countersign.ui.screens.BackupScreen
import org.countersign.ui.screens.BackupState
import org.countersign.ui.screens.ExportScreen
import org.countersign.ui.screens.ExportState
import org.countersign.ui.screens.FirstRunScreen
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.HistoryScreen
import org.countersign.ui.screens.HistoryState
import org.countersign.ui.screens.ImportScreen
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.RequestsScreen
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.screens.SettingsScreen
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.TrashScreen
import org.countersign.ui.screens.TrashState
import org.countersign.ui.screens.UnlockScreen
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.screens.UnusableScreen
import org.countersign.ui.screens.UnusableState
import org.countersign.ui.theme.CountersignTheme
import org.countersign.ui.words.Words

/**
 * The whole app: a state in, a picture and events out. Around it stands
 * [Ticking][org.countersign.ui.parts.Ticking].
 */
@Composable
fun CountersignApp(
    state: AppState,
    host: Host,
    onEvent: (AppEvent) -> Unit,
    dark: Boolean = isSystemInDarkTheme(),
    fonts: FontFamily = FontFamily.Default,
) {
    val words = remember(state.language) { Words.of(state.language) }
    CountersignTheme(words, dark, fonts) {
        CompositionLocalProvider(LocalHost provides host) {
            Surface(Modifier.fillMaxSize().touched(onEvent), color = MaterialTheme.colorScheme.background) {
                Screen(state.screen, onEvent)
            }
        }
    }
}

/** Screens come back as they were left: the list at its place. */
@Composable
private fun Screen(state: ScreenState, onEvent: (AppEvent) -> Unit) {
    rememberSaveableStateHolder().SaveableStateProvider(nameOf(state)) {
        when (state) {
            is FirstRunState -> FirstRunScreen(state, onEvent)
            is UnlockState -> UnlockScreen(state, onEvent)
            is UnusableState -> UnusableScreen(state, onEvent)
            is AccountsState -> AccountsScreen(state, onEvent)
            is TrashState -> TrashScreen(state, onEvent)
            is HistoryState -> HistoryScreen(state, onEvent)
            is AddState -> AddScreen(state, onEvent)
            is RequestsState -> RequestsScreen(state, onEvent)
            is AccountState -> AccountScreen(state, onEvent)
            is SettingsState -> SettingsScreen(state, onEvent)
            is ImportState -> ImportScreen(state, onEvent)
            is ExportState -> ExportScreen(state, onEvent)
            is BackupState -> BackupScreen(state, onEvent)
        }
    }
}

/** Names of screens, not of their pages: what is typed on a page of the set-up is gone with it. */
private fun nameOf(state: ScreenState): String = when (state) {
    is FirstRunState -> "first_run"
    is UnlockState -> "unlock"
    is UnusableState -> "unusable"
    is AccountsState -> "accounts"
    is TrashState -> "trash"
    is HistoryState -> "history"
    is AddState -> "add"
    is RequestsState -> "requests"
    is AccountState -> "account ${state.id}"
    is SettingsState -> "settings"
    is ImportState -> if (state.restoring) "restore" else "import"
    is ExportState -> "export"
    is BackupState -> "backup"
}

private fun Modifier.touched(onEvent: (AppEvent) -> Unit): Modifier = pointerInput(onEvent) {
    awaitPointerEventScope {
        while (true) {
            if (awaitPointerEvent(PointerEventPass.Initial).changes.any { it.pressed && !it.previousPressed }) {
                onEvent(AppEvent.Touched)
            }
        }
    }
}
