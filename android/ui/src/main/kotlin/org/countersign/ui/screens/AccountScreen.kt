package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Message
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.day
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** One account: what it is called, what it can do, and what can be done with it. */
@Composable
internal fun AccountScreen(state: AccountState, onEvent: (AppEvent) -> Unit) {
    Page(
        words("account.title"), { onEvent(AppEvent.Back) },
        actions = {
            val star = if (state.favourite) Icons.StarFilled else Icons.Star
            val does = words(if (state.favourite) "accounts.do.unfavourite" else "accounts.do.favourite")
            IconTap(star, does, { onEvent(AccountEvent.SetFavourite(!state.favourite)) })
        },
        message = { if (state.message != null) Said(state.message, onEvent) },
    ) {
        Column(verticalArrangement = Arrangement.spacedBy(2.dp)) {
            Headline(state.issuer.ifBlank { state.name })
            if (state.issuer.isNotBlank() && state.name.isNotBlank()) Body(state.name)
        }
        Names(state, onEvent)
        if (state.codes != null) CodesGroup(state.codes, onEvent)
        if (state.approvals != null) ApprovalsGroup(state.approvals, state, onEvent)
        Group {
            val remove = { onEvent(AccountEvent.OpenDialog(AccountDialog.Remove)) }
            LinkRow(words("account.remove"), words("account.remove.detail"), Icons.Trash, danger = true, onTap = remove)
        }
        Text(
            words("account.added", "day" to LocalWords.current.day(state.addedAt)),
            color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall,
        )
    }
    if (state.dialog != null) AccountDialogView(state, state.dialog, onEvent)
}

@Composable
private fun Names(state: AccountState, onEvent: (AppEvent) -> Unit) {
    fun open(dialog: AccountDialog) = { onEvent(AccountEvent.OpenDialog(dialog)) }
    Group {
        LinkRow(words("account.rename"), null, Icons.Edit, onTap = open(AccountDialog.Rename))
        Line()
        val tags = LocalWords.current.listed(state.tags).ifBlank { words("account.tags.none") }
        LinkRow(words("account.tags"), tags, Icons.Tag, onTap = open(AccountDialog.Tags))
        Line()
        LinkRow(
            words("account.note"), state.note.ifBlank { words("account.note.none") }, Icons.Note,
            onTap = open(AccountDialog.Note),
        )
        // Of what is scanned no notification tells.
        if (state.approvals?.can?.look == true) {
            Line()
            val label = state.label ?: words("account.label.none")
            LinkRow(words("account.label"), label, Icons.Bell, onTap = open(AccountDialog.Label))
        }
    }
}

@Composable
private fun CodesGroup(codes: CodeFacts, onEvent: (AppEvent) -> Unit) {
    Group(words("account.codes")) {
        LinkRow(LocalWords.current.how(codes), codes.algorithm.shown, Icons.Key)
        Line()
        LinkRow(
            words("account.setup_code"), words("account.setup_code.detail"), Icons.Qr,
            onTap = { onEvent(AccountEvent.ShowSetupCode) },
        )
    }
}

private fun Words.how(codes: CodeFacts): String = when {
    codes.steam -> this("codes.steam")
    codes.period == null -> this("codes.by_use", "digits" to codes.digits)
    else -> this("codes.by_time", "digits" to codes.digits, "period" to codes.period)
}

@Composable
private fun ApprovalsGroup(approvals: ApprovalFacts, state: AccountState, onEvent: (AppEvent) -> Unit) {
    Group(words("account.approvals")) {
        LinkRow(approvals.system, approvals.server.text, Icons.Server)
        Line()
        val key = approvals.key?.let { "${words(placeKey(it))} (${approvals.keyAlgorithm})" }
        LinkRow(words("account.key"), key ?: words("account.key.shared"), Icons.Lock)
        Line()
        if (!approvals.can.look) {
            LinkRow(words("account.scanned"), words("account.scanned.detail"), Icons.Qr)
            Line()
        }
        SelfTestRow(state.test, onEvent)
        Line()
        LinkRow(
            words("history.title"), words("history.detail"), Icons.Note,
            onTap = { onEvent(AccountEvent.OpenHistory) },
        )
        if (approvals.can.renewKey) RenewKeyRow(state.busy, onEvent)
        if (approvals.can.lockOut) LockOutRow(onEvent)
    }
}

@Composable
private fun RenewKeyRow(busy: Boolean, onEvent: (AppEvent) -> Unit) {
    Line()
    val renew = { onEvent(AccountEvent.RenewKey) }.takeUnless { busy }
    val renewing = words(if (busy) "common.working" else "account.renew_key.detail")
    LinkRow(words("account.renew_key"), renewing, Icons.Refresh, onTap = renew)
}

@Composable
private fun LockOutRow(onEvent: (AppEvent) -> Unit) {
    Line()
    LinkRow(
        words("account.lock_out"), words("account.lock_out.detail"), Icons.Warning, danger = true,
        onTap = { onEvent(AccountEvent.OpenDialog(AccountDialog.LockOut)) },
    )
}

private fun placeKey(place: KeyPlace): String = when (place) {
    KeyPlace.SecureElement -> "account.key.secure_element"
    KeyPlace.Hardware -> "account.key.hardware"
    KeyPlace.Software -> "account.key.software"
    KeyPlace.Unknown -> "account.key.unknown"
}

@Composable
private fun Said(message: AccountMessage, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val text = when (message) {
        AccountMessage.KeyRenewed -> words("account.key_renewed")
        AccountMessage.LockedOut -> "${words("account.locked_out")} ${words("account.locked_out.next")}"
        is AccountMessage.Refused -> "${words.what(message.reason)} ${words.next(message.reason)}"
    }
    Message(message, text, { onEvent(AccountEvent.MessageGone) })
}
