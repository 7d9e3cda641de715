package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Finished
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LogoTile
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.words.words

@Composable
internal fun FirstRunScreen(state: FirstRunState, onEvent: (AppEvent) -> Unit) {
    when (state) {
        FirstRunState.Welcome -> Welcome(onEvent)
        is FirstRunState.ChooseLock -> ChooseLock(state, onEvent)
        is FirstRunState.NewPassword -> NewPasswordPage(
            words("first_run.password.title"), state.busy, state.refusal,
            onBack = { onEvent(AppEvent.Back) },
            onChosen = { onEvent(FirstRunEvent.PasswordChosen(it)) },
        )
        is FirstRunState.WriteDown -> WriteDownPage(
            state.groups, onBack = null, onWritten = { onEvent(FirstRunEvent.WrittenDown) },
        )
        is FirstRunState.CheckGroup -> CheckGroupPage(
            state.group, state.wrong,
            onTyped = { onEvent(FirstRunEvent.GroupTyped(it)) },
            onShowAgain = { onEvent(FirstRunEvent.ShowAgain) },
        )
        is FirstRunState.AskBackup -> AskBackup(state, onEvent)
        is FirstRunState.BackupPassword -> NewPasswordPage(
            words("backup.password"), state.busy, state.refusal,
            onBack = { onEvent(AppEvent.Back) },
            onChosen = { onEvent(FirstRunEvent.BackupPasswordChosen(it)) },
            about = { AboutPassword(isThere = false) },
        )
        is FirstRunState.Ready -> Ready(state, onEvent)
    }
}

@Composable
private fun Welcome(onEvent: (AppEvent) -> Unit) {
    Page(title = null, foot = { MainButton(words("first_run.begin"), { onEvent(FirstRunEvent.Begin) }) }) {
        LogoTile(72.dp, Modifier.padding(top = 32.dp, bottom = 8.dp))
        Headline(words("first_run.title"))
        Promise(Icons.Key, words("first_run.what"))
        Promise(Icons.Shield, words("first_run.where"))
        Promise(Icons.Check, words("first_run.why"))
    }
}

@Composable
private fun Promise(icon: ImageVector, text: String) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
        Icon(icon, contentDescription = null, Modifier.size(26.dp), MaterialTheme.colorScheme.primary)
        Body(text, Modifier.weight(1f))
    }
}

@Composable
private fun ChooseLock(state: FirstRunState.ChooseLock, onEvent: (AppEvent) -> Unit) {
    Page(words("first_run.lock.title"), onBack = { onEvent(AppEvent.Back) }) {
        Body(words("first_run.lock.body"))
        if (state.refusal != null) Refusal(state.refusal)
        Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
            val offered = state.deviceLock
            Card {
                LinkRow(
                    words("first_run.lock.device"),
                    words(if (offered) "first_run.lock.device.detail" else "first_run.lock.device.none"),
                    Icons.Device,
                    onTap = { onEvent(FirstRunEvent.UseDeviceLock) }.takeIf { offered },
                )
            }
            Card {
                LinkRow(
                    words("first_run.lock.password"), words("first_run.lock.password.detail"), Icons.Keyboard,
                    onTap = { onEvent(FirstRunEvent.UsePassword) },
                )
            }
        }
        Body(words("first_run.lock.recovery"))
    }
}

@Composable
private fun AskBackup(state: FirstRunState.AskBackup, onEvent: (AppEvent) -> Unit) {
    Page(
        words("first_run.backup.title"),
        foot = {
            MainButton(words("backup.folder.choose"), { onEvent(FirstRunEvent.ChooseBackupFolder) })
            QuietButton(words("first_run.ready.later"), { onEvent(FirstRunEvent.NoBackupNow) }, Modifier.fillMaxWidth())
        },
    ) {
        Body(words("first_run.backup.body"))
        Body(words("first_run.backup.where"))
        if (state.refusal != null) Refusal(state.refusal)
    }
}

@Composable
private fun Ready(state: FirstRunState.Ready, onEvent: (AppEvent) -> Unit) {
    Page(
        title = null,
        foot = {
            MainButton(words("first_run.ready.add"), { onEvent(FirstRunEvent.AddFirst) })
            QuietButton(words("first_run.ready.later"), { onEvent(FirstRunEvent.Finish) }, Modifier.fillMaxWidth())
        },
    ) {
        Finished(words("first_run.ready.title"))
        if (state.folder != null) Body(words("first_run.backup.set", "folder" to state.folder))
        Body(words("first_run.ready.body"))
        Group {
            LinkRow(
                words("first_run.ready.import"), words("import.detail"), Icons.Import,
                onTap = { onEvent(FirstRunEvent.ImportFirst) },
            )
            Line()
            LinkRow(
                words("first_run.ready.restore"), words("restore.detail"), Icons.Restore,
                onTap = { onEvent(FirstRunEvent.RestoreFirst) },
            )
        }
    }
}
