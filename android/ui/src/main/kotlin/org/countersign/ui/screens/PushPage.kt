package org.countersign.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.ChoiceRow
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Page
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** Which app brings requests by itself, how it stands with it, and for which accounts. */
@Composable
internal fun PushPage(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    val pushes = state.pushes
    Page(words("push.title"), { onEvent(AppEvent.Back) }) {
        Body(words("push.body"))
        if (pushes.distributors.isEmpty()) Hint(words("push.no_app"), icon = Icons.Device)
        if (pushes.distributors.isNotEmpty() || pushes.chosen != null) Choice(pushes, onEvent)
        if (pushes.standing != null) {
            Card { StandingRow(pushes.standing, onEvent) }
            Needs(state.background.findings, onEvent)
        }
        Accounts(pushes, onEvent)
        Body(words("push.server", "expect" to words("accounts.expect")))
    }
}

@Composable
private fun Choice(pushes: PushFacts, onEvent: (AppEvent) -> Unit) {
    Group(words("push.by")) {
        Column(Modifier.selectableGroup()) {
            ChoiceRow(words("common.off"), pushes.chosen == null) { onEvent(PushEvent.Choose(null)) }
            for (app in pushes.distributors) {
                ChoiceRow(app.name, app.id == pushes.chosen) { onEvent(PushEvent.Choose(app.id)) }
            }
        }
    }
}

/** Where something is amiss a tap asks the app again; not where only another one can help. */
@Composable
private fun StandingRow(standing: PushStanding, onEvent: (AppEvent) -> Unit) {
    val looks = looksOf(standing)
    val again = { onEvent(PushEvent.Again) }.takeIf { looks.canAskAgain }
    LinkRow(words(looks.key), words(looks.next), looks.icon, danger = looks.isBad, onTap = again)
}

private class StandingLooks(
    val key: String,
    val next: String,
    val icon: ImageVector = Icons.Warning,
    val isBad: Boolean = true,
    val canAskAgain: Boolean = true,
)

private fun looksOf(standing: PushStanding): StandingLooks = when (standing) {
    PushStanding.Asked -> StandingLooks("push.asked", "push.ask_again", Icons.Clock, isBad = false)
    PushStanding.Works ->
        StandingLooks("push.works", "push.works.next", Icons.Check, isBad = false, canAskAgain = false)
    PushStanding.Gone -> StandingLooks("push.gone", "push.gone.next", canAskAgain = false)
    PushStanding.Unregistered -> StandingLooks("push.unregistered", "push.ask_again")
    PushStanding.NoNetwork -> StandingLooks("push.no_network", "push.no_network.next")
    PushStanding.ActionRequired -> StandingLooks("push.action_required", "push.action_required.next")
    PushStanding.KeyRequired -> StandingLooks("push.key_required", "push.key_required.next", canAskAgain = false)
    PushStanding.Failed -> StandingLooks("push.failed", "push.ask_again")
    PushStanding.Unavailable -> StandingLooks("push.unavailable", "push.unavailable.next")
}

@Composable
private fun Accounts(pushes: PushFacts, onEvent: (AppEvent) -> Unit) {
    Group(words("push.accounts")) {
        if (pushes.accounts.isEmpty()) LinkRow(words("push.no_account"))
        pushes.accounts.forEachIndexed { at, account ->
            if (at > 0) Line()
            AccountRow(account, pushes.chosen != null, onEvent)
        }
    }
}

@Composable
private fun AccountRow(account: PushAccount, isOn: Boolean, onEvent: (AppEvent) -> Unit) {
    val told = account.told
    val icon = when (told) {
        is PushTold.Failed -> Icons.Warning
        is PushTold.Unable -> Icons.Clock
        PushTold.Scanned -> Icons.Qr
        PushTold.Yes, PushTold.NotYet -> Icons.Bell
    }
    val next: AppEvent? = when (told) {
        is PushTold.Failed -> PushEvent.Again
        is PushTold.Unable -> SettingsEvent.OpenPage(SettingsPage.Background)
        else -> null
    }
    LinkRow(
        inOneLine(account.issuer, account.name), LocalWords.current.about(told, isOn), icon,
        danger = told is PushTold.Failed, onTap = next?.let { { onEvent(it) } },
    )
}

private fun Words.about(told: PushTold, isOn: Boolean): String = when (told) {
    PushTold.Yes -> this(if (isOn) "push.told" else "push.able")
    PushTold.NotYet -> this(if (isOn) "push.not_told" else "push.not_untold")
    is PushTold.Failed -> "${what(told.reason)} ${this("push.tell_again")}"
    is PushTold.Unable -> this("push.unable", "system" to told.system)
    PushTold.Scanned -> this("push.scanned")
}
