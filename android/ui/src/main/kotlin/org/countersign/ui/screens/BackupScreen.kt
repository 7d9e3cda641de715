package org.countersign.ui.screens

import androidx.compose.runtime.Composable
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Message
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.SwitchRow
import org.countersign.ui.parts.WaitingPage
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

@Composable
internal fun BackupScreen(state: BackupState, onEvent: (AppEvent) -> Unit) {
    when (val page = state.page) {
        BackupPage.Overview -> if (state.busy) WaitingPage(words("backup.making")) else Overview(state, onEvent)
        is BackupPage.Password -> NewPasswordPage(
            words("backup.password"), page.busy, page.refusal,
            onBack = { onEvent(AppEvent.Back) },
            onChosen = { onEvent(BackupEvent.PasswordChosen(it)) },
            about = { AboutPassword(isThere = state.facts.hasPassword) },
        )
        BackupPage.Code -> BackupCodePage(state.facts.code, onEvent)
        is BackupPage.WriteDown -> WriteDownPage(
            page.groups, onBack = null, onWritten = { onEvent(BackupEvent.WrittenDown) },
            body = words("backup.code.body"), keep = words("backup.code.keep"),
        )
        is BackupPage.CheckGroup -> CheckGroupPage(
            page.group, page.wrong,
            onTyped = { onEvent(BackupEvent.GroupTyped(it)) },
            onShowAgain = { onEvent(BackupEvent.ShowAgain) },
        )
        BackupPage.Keep -> Choices(
            words("backup.keep"), keepChoices(state.facts.folder?.keep), state.facts.folder?.keep,
            name = { words("backup.keep.count", "count" to it) }, onEvent,
        ) { BackupEvent.SetKeep(it) }
    }
}

private val KEEP = listOf(3, 5, 10, 30, 100)

/** Another phone may have kept another number. */
private fun keepChoices(kept: Int?) = (KEEP + listOfNotNull(kept)).distinct().sorted()

@Composable
private fun Overview(state: BackupState, onEvent: (AppEvent) -> Unit) {
    val facts = state.facts
    Page(
        words("backup.title"), { onEvent(AppEvent.Back) },
        message = { if (state.message != null) Said(state.message, onEvent) },
    ) {
        val words = LocalWords.current
        if (facts.warning != null) Refusal(words.what(facts.warning), words.next(facts.warning))
        else if (facts.last == null) Body(words("backup.detail"))
        if (facts.last != null) Last(facts.last, complete = facts.warning == null && facts.last.damaged == 0)
        MainButton(words("backup.make"), { onEvent(BackupEvent.Make) })
        FolderGroup(facts.folder, onEvent)
        WaysGroup(facts, onEvent)
        Group {
            LinkRow(words("backup.make.file"), null, Icons.Save, onTap = { onEvent(BackupEvent.MakeFile) })
            Line()
            LinkRow(
                words("restore.title"), words("restore.detail"), Icons.Restore,
                onTap = { onEvent(BackupEvent.Restore) },
            )
        }
        Hint(words("backup.approvals"))
    }
}

@Composable
private fun Last(last: LastBackup, complete: Boolean) {
    val words = LocalWords.current
    Group {
        val accounts = words.counted("accounts.count", last.accounts)
        val detail = if (complete) "$accounts\n${words("backup.complete")}" else accounts
        LinkRow(words("backup.last", "time" to words.dayAndTime(last.at)), detail, Icons.CheckCircle)
        if (last.damaged > 0) {
            Line()
            LinkRow(words.counted("backup.damaged", last.damaged), null, Icons.Warning, danger = true)
        }
    }
}

@Composable
private fun FolderGroup(folder: BackupFolder?, onEvent: (AppEvent) -> Unit) {
    Group(words("backup.folder")) {
        val title = folder?.name ?: words("backup.folder.none")
        LinkRow(title, null, Icons.Folder, onTap = { onEvent(BackupEvent.ChooseFolder) })
        if (folder != null) {
            Line()
            SwitchRow(
                words("backup.automatic"), words("backup.automatic.detail"), folder.automatic,
                { onEvent(BackupEvent.SetAutomatic(it)) }, Icons.Refresh,
            )
            Line()
            LinkRow(
                words("backup.keep"), words("backup.keep.count", "count" to folder.keep), Icons.Copy,
                onTap = { onEvent(BackupEvent.OpenPage(BackupPage.Keep)) },
            )
            Line()
            LinkRow(words("backup.folder.forget"), null, Icons.Close, onTap = { onEvent(BackupEvent.ForgetFolder) })
        }
    }
}

@Composable
private fun WaysGroup(facts: BackupFacts, onEvent: (AppEvent) -> Unit) {
    Group(words("backup.ways")) {
        val password = words(if (facts.hasPassword) "settings.recovery.there" else "settings.recovery.none")
        LinkRow(
            words("backup.password"), password, Icons.Keyboard,
            onTap = { onEvent(BackupEvent.OpenPage(BackupPage.Password())) },
        )
        Line()
        val code = when (facts.code) {
            BackupCode.None -> "settings.recovery.none"
            BackupCode.Unchecked -> "backup.code.unchecked"
            BackupCode.There -> "settings.recovery.there"
        }
        LinkRow(
            words("backup.code"), words(code), Icons.Key, danger = facts.code == BackupCode.Unchecked,
            onTap = { onEvent(BackupEvent.OpenPage(BackupPage.Code)) },
        )
    }
}

/** [isThere]: another one is chosen. */
@Composable
internal fun AboutPassword(isThere: Boolean) {
    Body(words("backup.password.body"))
    if (isThere) Hint(words("backup.password.kept"))
}

@Composable
private fun BackupCodePage(code: BackupCode, onEvent: (AppEvent) -> Unit) {
    Page(
        words("backup.code"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("recovery.new"), { onEvent(BackupEvent.NewCode) }) },
    ) {
        Body(words("backup.code.what"))
        if (code != BackupCode.None) Hint(words("backup.code.old"))
    }
}

/** What is to be said of the backups. */
internal fun Words.what(warning: BackupWarning): String = when (warning) {
    BackupWarning.None -> this("backup.none")
    is BackupWarning.Missing -> counted("backup.missing", warning.count)
    is BackupWarning.Old -> counted("backup.old", warning.days)
    is BackupWarning.Unwritten -> this("backup.unwritten")
}

/** And what to do. */
internal fun Words.next(warning: BackupWarning): String = when (warning) {
    BackupWarning.None -> this("backup.none.next")
    is BackupWarning.Missing, is BackupWarning.Old -> this("backup.renew")
    is BackupWarning.Unwritten -> "${what(warning.reason)} ${next(warning.reason)}"
}

@Composable
private fun Said(message: BackupMessage, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val text = when (message) {
        BackupMessage.Made -> words("backup.made")
        BackupMessage.PasswordSet -> words("backup.password.is_set")
        BackupMessage.CodeMade -> words("backup.code.made")
        is BackupMessage.Refused -> "${words.what(message.reason)} ${words.next(message.reason)}"
    }
    Message(message, text, { onEvent(BackupEvent.MessageGone) })
}
