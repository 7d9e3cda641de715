package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** Whether sign-ins reach this phone, check by check. */
@Composable
internal fun SelfTestRow(test: SelfTest, onEvent: (AppEvent) -> Unit) {
    val running = test == SelfTest.Running
    val run = { onEvent(AccountEvent.RunTest) }.takeUnless { running }
    LinkRow(
        words("account.test"), words(if (running) "common.working" else "account.test.detail"), Icons.Shield,
        onTap = run,
    )
    when (test) {
        SelfTest.NotRun, SelfTest.Running -> Unit
        is SelfTest.Failed -> Refusal(test.reason, Modifier.padding(start = 16.dp, end = 16.dp, bottom = 16.dp))
        is SelfTest.Done -> Column(
            Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, bottom = 16.dp).spoken(),
            Arrangement.spacedBy(8.dp),
        ) {
            for (check in test.checks) Checked(check, onEvent)
        }
    }
}

@Composable
private fun Checked(check: CheckLine, onEvent: (AppEvent) -> Unit) {
    val what = words(checkKey(check.what))
    val found = LocalWords.current.found(check)
    val spoken = LocalWords.current.listed(listOf(what, found))
    val (icon, ink) = when (check.works) {
        true -> Icons.Check to MaterialTheme.colorScheme.primary
        false -> Icons.Close to MaterialTheme.colorScheme.error
        null -> Icons.Warning to MaterialTheme.colorScheme.onSurfaceVariant
    }
    Row(
        Modifier.semantics(mergeDescendants = true) { contentDescription = spoken },
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Icon(icon, contentDescription = null, Modifier.size(20.dp), ink)
        Column(Modifier.weight(1f)) {
            Text(what, style = MaterialTheme.typography.bodyMedium)
            if (check.figure != null) Detail(found)
        }
    }
    if (check.reason == null) return
    if (check.works == false) Refusal(check.reason) else Hint(LocalWords.current.about(check.reason))
    val need = check.what.need
    if (check.works == false && need != null) {
        QuietButton(words("add.camera.settings"), { onEvent(AccountEvent.FixNeed(need)) })
    }
}

private fun Words.about(reason: ReasonName) = "${what(reason)} ${next(reason)}"

private fun Words.found(check: CheckLine): String {
    val figure = check.figure
    return when {
        check.what == CheckOf.Clock && figure != null -> stands(figure)
        check.what == CheckOf.Requests && figure == 0L -> this("look.nothing")
        check.what == CheckOf.Requests && figure != null -> counted("accounts.waiting", figure.toInt())
        check.works == null -> this("check.unknown")
        else -> this(if (check.works) "check.passed" else "check.failed")
    }
}

private fun checkKey(what: CheckOf): String = when (what) {
    CheckOf.Key -> "check.key"
    CheckOf.Network -> "check.network"
    CheckOf.Server -> "check.server"
    CheckOf.Clock -> "check.clock"
    CheckOf.Client -> "check.client"
    CheckOf.Registration -> "check.registration"
    CheckOf.Requests -> "check.requests"
    CheckOf.OtherPhone -> "check.other_phone"
    CheckOf.Notifications -> "check.notifications"
    CheckOf.Background -> "check.background"
}
