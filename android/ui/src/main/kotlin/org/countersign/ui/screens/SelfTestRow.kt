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
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** Whether sign-ins reach this phone, check by check. */
@Composable
internal fun SelfTestRow(test: SelfTest, onEvent: (AppEvent) -> Unit) {
    val running = test == SelfTest.Running
    val run = { onEvent(AccountEvent.RunTest) }.takeUnless { running }
    LinkRow(words("account.test"), words(if (running) "common.working" else "account.test.detail"), Icons.Shield, onTap = run)
    when (test) {
        SelfTest.NotRun, SelfTest.Running -> Unit
        is SelfTest.Failed -> Refusal(test.reason, Modifier.padding(start = 16.dp, end = 16.dp, bottom = 16.dp))
        is SelfTest.Done -> Column(
            Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, bottom = 16.dp).spoken(),
            Arrangement.spacedBy(8.dp),
        ) {
            for (check in test.checks) Checked(check)
        }
    }
}

@Composable
private fun Checked(check: CheckLine) {
    val passed = check.reason == null
    val what = words(checkKey(check.what))
    val spoken = LocalWords.current.listed(listOf(what, words(if (passed) "check.passed" else "check.failed")))
    val ink = if (passed) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.error
    Row(
        Modifier.semantics(mergeDescendants = true) { contentDescription = spoken },
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Icon(if (passed) Icons.Check else Icons.Close, contentDescription = null, Modifier.size(20.dp), ink)
        Text(what, style = MaterialTheme.typography.bodyMedium)
    }
    if (check.reason != null) Refusal(check.reason)
}

private fun checkKey(what: CheckOf): String = when (what) {
    CheckOf.Key -> "check.key"
    CheckOf.Server -> "check.server"
    CheckOf.Client -> "check.client"
    CheckOf.Registration -> "check.registration"
    CheckOf.Clock -> "check.clock"
}
