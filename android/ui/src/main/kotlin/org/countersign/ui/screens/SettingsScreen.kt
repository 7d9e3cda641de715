package org.countersign.ui.screens

import androidx.compose.runtime.Composable
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Message
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.SwitchRow
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

@Composable
internal fun SettingsScreen(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    when (val page = state.page) {
        SettingsPage.Overview -> Overview(state, onEvent)
        SettingsPage.Background -> BackgroundPage(state.background, onEvent)
        SettingsPage.Pushes -> PushPage(state, onEvent)
        is SettingsPage.Clocks -> ClocksPage(page.clocks, onEvent)
        SettingsPage.RecoveryCode -> RecoveryCodePage(Way.RecoveryCode in state.ways, onEvent)
        SettingsPage.Language -> LanguagePage(state.language, onEvent)
        SettingsPage.Grace -> GracePage(state.grace, onEvent)
        SettingsPage.About -> AboutPage(state.about, onEvent)
        is SettingsPage.Report -> ReportPage(page, onEvent)
        is SettingsPage.TryCode -> TryCodePage(page, onEvent)
        is SettingsPage.Password -> NewPasswordPage(
            words(if (Way.Password in state.ways) "settings.password.change" else "settings.password.set"),
            page.busy, page.refusal,
            onBack = { onEvent(AppEvent.Back) },
            onChosen = { onEvent(SettingsEvent.PasswordChosen(it)) },
        ) { if (page.insteadOfLock) Hint(words("settings.password.instead_of_lock")) }
        is SettingsPage.WriteDown -> WriteDownPage(
            page.groups, onBack = null, onWritten = { onEvent(SettingsEvent.WrittenDown) },
        )
        is SettingsPage.CheckGroup -> CheckGroupPage(
            page.group, page.wrong,
            onTyped = { onEvent(SettingsEvent.GroupTyped(it)) },
            onShowAgain = { onEvent(SettingsEvent.ShowAgain) },
        )
    }
}

@Composable
private fun Overview(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    Page(
        words("settings.title"), { onEvent(AppEvent.Back) },
        message = { if (state.message != null) Said(state.message, onEvent) },
    ) {
        AccountsGroup(onEvent)
        LockGroup(state, onEvent)
        ScreenGroup(state, onEvent)
        SignInGroup(state, onEvent)
        HelpGroup(state, onEvent)
    }
}

@Composable
private fun AccountsGroup(onEvent: (AppEvent) -> Unit) {
    Group(words("settings.accounts")) {
        LinkRow(
            words("backup.title"), words("backup.detail"), Icons.Shield, onTap = { onEvent(SettingsEvent.OpenBackup) },
        )
        Line()
        LinkRow(
            words("import.title"), words("import.detail"), Icons.Import, onTap = { onEvent(SettingsEvent.OpenImport) },
        )
        Line()
        LinkRow(
            words("export.title"), words("export.detail"), Icons.Export, onTap = { onEvent(SettingsEvent.OpenExport) },
        )
    }
}

private fun open(page: SettingsPage, onEvent: (AppEvent) -> Unit): () -> Unit =
    { onEvent(SettingsEvent.OpenPage(page)) }

@Composable
private fun LockGroup(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    Group(words("settings.lock")) {
        if (state.deviceLockOffered) {
            val on = Way.DeviceLock in state.ways
            SwitchRow(
                words("settings.device_lock"), words("settings.device_lock.detail"), on,
                { onEvent(SettingsEvent.SetDeviceLock(it)) }, Icons.Device,
            )
            Line()
        }
        val password = if (Way.Password in state.ways) "settings.password.change" else "settings.password.set"
        LinkRow(words(password), null, Icons.Keyboard, onTap = open(SettingsPage.Password(), onEvent))
        Line()
        val code = if (Way.RecoveryCode in state.ways) "settings.recovery.there" else "settings.recovery.none"
        LinkRow(words("recovery.code"), words(code), Icons.Key, onTap = open(SettingsPage.RecoveryCode, onEvent))
        Line()
        LinkRow(
            words("settings.grace"), words(graceKey(state.grace)), Icons.Clock,
            onTap = open(SettingsPage.Grace, onEvent),
        )
    }
}

internal fun graceKey(grace: Grace): String = when (grace) {
    Grace.AtOnce -> "settings.grace.at_once"
    Grace.HalfMinute -> "settings.grace.half_minute"
    Grace.TwoMinutes -> "settings.grace.two_minutes"
    Grace.TenMinutes -> "settings.grace.ten_minutes"
    Grace.Never -> "settings.grace.never"
}

@Composable
private fun ScreenGroup(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    Group(words("settings.screen")) {
        SwitchRow(
            words("settings.hide_codes"), words("settings.hide_codes.detail"), state.hideCodes,
            { onEvent(SettingsEvent.SetHideCodes(it)) }, Icons.EyeOff,
        )
        Line()
        SwitchRow(
            words("settings.screenshots"), words("settings.screenshots.detail"), state.blockScreenshots,
            { onEvent(SettingsEvent.SetBlockScreenshots(it)) }, Icons.Shield,
        )
        Line()
        LinkRow(
            words("settings.language"), words(languageKey(state.language)), Icons.Globe,
            onTap = open(SettingsPage.Language, onEvent),
        )
    }
}

internal fun languageKey(language: Language): String = when (language) {
    Language.System -> "settings.language.system"
    Language.English -> "settings.language.english"
    Language.Japanese -> "settings.language.japanese"
}

@Composable
private fun SignInGroup(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    Group(words("settings.sign_ins")) {
        val on = words(if (state.background.on) "common.on" else "common.off")
        LinkRow(words("settings.background"), on, Icons.Bell, onTap = open(SettingsPage.Background, onEvent))
        Line()
        LinkRow(
            words("push.title"), words(pushKey(state.pushes.standing)), Icons.Device,
            onTap = open(SettingsPage.Pushes, onEvent),
        )
        Line()
        SwitchRow(
            words("settings.names"), words("settings.names.detail"), state.namesInNotifications,
            { onEvent(SettingsEvent.SetNamesInNotifications(it)) }, Icons.Person,
        )
        Line()
        LinkRow(
            words("history.title"), words("history.detail"), Icons.Note,
            onTap = { onEvent(SettingsEvent.OpenHistory) },
        )
        Line()
        LinkRow(
            words("settings.clock"), clockText(state.clock), Icons.Clock, onTap = { onEvent(SettingsEvent.OpenClocks) },
        )
    }
}

private fun pushKey(standing: PushStanding?): String = when (standing) {
    null -> "common.off"
    PushStanding.Works -> "common.on"
    PushStanding.Asked -> "push.asked"
    else -> "check.failed"
}

@Composable
private fun clockText(clock: Clock): String {
    val offset = clock.offsetSeconds
    return when {
        offset != null && offset > 1 -> words("settings.clock.ahead", "seconds" to offset)
        offset != null && offset < -1 -> words("settings.clock.behind", "seconds" to -offset)
        offset != null -> words("settings.clock.right")
        clock.automatic == true -> words("settings.clock.automatic")
        clock.automatic == false -> words("settings.clock.manual")
        else -> words("settings.clock.unknown")
    }
}

@Composable
private fun HelpGroup(state: SettingsState, onEvent: (AppEvent) -> Unit) {
    Group(words("settings.help")) {
        LinkRow(
            words("report.title"), words("report.detail"), Icons.Copy, onTap = { onEvent(SettingsEvent.OpenReport) },
        )
        Line()
        LinkRow(words("about.title"), state.about.version, Icons.Shield, onTap = open(SettingsPage.About, onEvent))
    }
}

@Composable
private fun Said(message: SettingsMessage, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val text = when (message) {
        SettingsMessage.PasswordSet -> words("settings.password.is_set")
        SettingsMessage.RecoveryCodeMade -> words("settings.recovery.made")
        SettingsMessage.RecoveryCodeRight -> words("settings.recovery.right")
        SettingsMessage.ReportCopied -> words("report.copied")
        is SettingsMessage.Refused -> "${words.what(message.reason)} ${words.next(message.reason)}"
    }
    Message(message, text, { onEvent(SettingsEvent.MessageGone) })
}
