package org.countersign.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.ChoiceRow
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LogoTile
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.SwitchRow
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** What background checks can and can't do, and what they lack. */
@Composable
internal fun BackgroundPage(checks: BackgroundChecks, onEvent: (AppEvent) -> Unit) {
    Page(words("settings.background"), { onEvent(AppEvent.Back) }) {
        Card {
            SwitchRow(
                words("background.switch"), words("background.switch.detail"), checks.on,
                { onEvent(SettingsEvent.SetBackground(it)) },
            )
        }
        Body(words("background.can"))
        Body(words("background.cannot"))
        if (checks.on) Needs(checks.findings, onEvent)
    }
}

/** What the system must let the app do, and whether it does. */
@Composable
internal fun Needs(findings: List<DeviceFinding>, onEvent: (AppEvent) -> Unit) {
    if (findings.isEmpty()) return
    Group(words("background.needs")) {
        findings.forEachIndexed { at, finding ->
            if (at > 0) Line()
            NeedRow(finding, onEvent)
        }
    }
}

@Composable
private fun NeedRow(finding: DeviceFinding, onEvent: (AppEvent) -> Unit) {
    val keys = when (finding.what) {
        DeviceNeed.Notifications -> "background.notifications" to "background.notifications.fix"
        DeviceNeed.Battery -> "background.battery" to "background.battery.fix"
        DeviceNeed.BackgroundData -> "background.data" to "background.data.fix"
        DeviceNeed.Network -> "background.network" to "background.network.fix"
    }
    val fix = { onEvent(SettingsEvent.FixNeed(finding.what)) }.takeUnless { finding.ok }
    val icon = if (finding.ok) Icons.Check else Icons.Warning
    LinkRow(
        words(keys.first), words(if (finding.ok) "check.passed" else keys.second), icon, danger = !finding.ok,
        onTap = fix,
    )
}

@Composable
internal fun RecoveryCodePage(there: Boolean, onEvent: (AppEvent) -> Unit) {
    Page(
        words("recovery.code"), { onEvent(AppEvent.Back) },
        foot = {
            if (there) {
                val tryIt = { onEvent(SettingsEvent.OpenPage(SettingsPage.TryCode())) }
                MainButton(words("recovery.try"), tryIt)
                OtherButton(words("recovery.new"), { onEvent(SettingsEvent.NewRecoveryCode) })
            } else {
                MainButton(words("recovery.new"), { onEvent(SettingsEvent.NewRecoveryCode) })
            }
        },
    ) {
        Body(words("recovery.what"))
        if (there) Hint(words("recovery.old_is_dead"))
    }
}

@Composable
internal fun TryCodePage(page: SettingsPage.TryCode, onEvent: (AppEvent) -> Unit) {
    val typed = remember(page.tries) { TextFieldState() }
    val check = { onEvent(SettingsEvent.TryRecoveryCode(Typed(typed.text))) }
    Page(
        words("recovery.try"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("recovery.check.do"), check, typed.text.isNotBlank()) },
    ) {
        Body(words("recovery.try.body"))
        CodeField(typed, words("recovery.code"), page.mistake != null, check)
        if (page.mistake != null) Refusal(LocalWords.current.mistake(page.mistake), words("recovery.mistake.next"))
    }
}

@Composable
internal fun LanguagePage(language: Language, onEvent: (AppEvent) -> Unit) {
    Choices(words("settings.language"), Language.entries, language, { words(languageKey(it)) }, onEvent) {
        SettingsEvent.SetLanguage(it)
    }
}

@Composable
internal fun GracePage(grace: Grace, onEvent: (AppEvent) -> Unit) {
    Choices(words("settings.grace"), Grace.entries, grace, { words(graceKey(it)) }, onEvent) {
        SettingsEvent.SetGrace(it)
    }
}

/** One of several, each by its [name]. */
@Composable
internal fun <T> Choices(
    title: String,
    all: List<T>,
    chosen: T?,
    name: @Composable (T) -> String,
    onEvent: (AppEvent) -> Unit,
    choose: (T) -> AppEvent,
) {
    Page(title, { onEvent(AppEvent.Back) }) {
        Card {
            Column(Modifier.selectableGroup()) {
                for (one in all) ChoiceRow(name(one), one == chosen) { onEvent(choose(one)) }
            }
        }
    }
}

/** For a help desk: without secrets and names. */
@Composable
internal fun ReportPage(page: SettingsPage.Report, onEvent: (AppEvent) -> Unit) {
    Page(
        words("report.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("report.copy"), { onEvent(SettingsEvent.CopyReport) }) },
    ) {
        Body(words("report.body"))
        Card {
            SelectionContainer(Modifier.fillMaxWidth().padding(16.dp)) {
                Text(page.text, fontFamily = FontFamily.Monospace, style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}

@Composable
internal fun AboutPage(about: About, onEvent: (AppEvent) -> Unit) {
    Page(words("about.title"), { onEvent(AppEvent.Back) }) {
        LogoTile(64.dp)
        Headline(words("app.name"))
        Body(words("about.version", "version" to about.version))
        Body(words("about.body"))
        Body(words("about.licence"))
    }
}
