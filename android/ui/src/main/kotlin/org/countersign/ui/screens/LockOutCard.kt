package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

/** The last resort against somebody who has the password: nobody signs in any more. */
@Composable
internal fun LockOutCard(lockOut: LockOut, onEvent: (AppEvent) -> Unit) {
    if (lockOut is LockOut.Failed) Refusal(lockOut.reason)
    Card { if (lockOut == LockOut.Locked) Locked() else Offer(lockOut == LockOut.Working, onEvent) }
    if (lockOut == LockOut.Asking) {
        LockOutQuestion({ onEvent(RequestEvent.LockOutConfirmed) }, { onEvent(RequestEvent.LockOutCancelled) })
    }
}

/** That it is locked, and who can open it again. */
@Composable
private fun Locked() {
    Column(Modifier.padding(16.dp).spoken(), Arrangement.spacedBy(4.dp)) {
        Text(words("account.locked_out"), style = MaterialTheme.typography.titleMedium)
        Text(words("account.locked_out.next"), style = MaterialTheme.typography.bodyMedium)
    }
}

@Composable
private fun Offer(isWorking: Boolean, onEvent: (AppEvent) -> Unit) {
    LinkRow(
        words("account.lock_out"), words(if (isWorking) "common.working" else "account.lock_out.detail"),
        Icons.Warning, danger = true, onTap = { onEvent(RequestEvent.LockAccount) }.takeUnless { isWorking },
    )
}

/** The second question: it can't be undone from here. */
@Composable
internal fun LockOutQuestion(onYes: () -> Unit, onNo: () -> Unit) {
    Asking(words("account.lock_out.title"), words("account.lock_out.do"), onYes, onNo, danger = true) {
        Text(words("account.lock_out.body"))
    }
}
