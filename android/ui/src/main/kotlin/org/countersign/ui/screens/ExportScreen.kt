package org.countersign.ui.screens

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.FilterQuality
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Finished
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LocalHost
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.WaitingPage
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

@Composable
internal fun ExportScreen(state: ExportState, onEvent: (AppEvent) -> Unit) {
    when (val page = state.page) {
        is ExportPage.Formats -> FormatsPage(page, onEvent)
        is ExportPage.Accounts -> ExportAccountsPage(page, onEvent)
        is ExportPage.Protect -> ProtectPage(page.format, onEvent)
        is ExportPage.Password -> NewPasswordPage(
            words(formatKeys(page.format).first), page.busy, page.refusal,
            onBack = { onEvent(AppEvent.Back) },
            onChosen = { onEvent(ExportEvent.PasswordChosen(it)) },
            about = { Body(words("export.protect.body")) },
        )
        is ExportPage.Plain -> if (page.busy) WaitingPage(words("export.writing")) else PlainPage(page, onEvent)
        is ExportPage.Codes -> CodesPage(page, onEvent)
        is ExportPage.Done -> DonePage(page, onEvent)
    }
}

@Composable
private fun FormatsPage(page: ExportPage.Formats, onEvent: (AppEvent) -> Unit) {
    Page(words("export.title"), { onEvent(AppEvent.Back) }) {
        Body(words(if (page.any) "export.body" else "export.empty"))
        if (page.any) {
            Group {
                ExportFormat.entries.forEachIndexed { at, format ->
                    if (at > 0) Line()
                    val (title, detail) = formatKeys(format)
                    LinkRow(words(title), words(detail), icon(format), onTap = { onEvent(ExportEvent.Choose(format)) })
                }
            }
        }
    }
}

/** What it is called, and what it is for. */
internal fun formatKeys(format: ExportFormat): Pair<String, String> = when (format) {
    ExportFormat.Otpauth -> "export.otpauth" to "export.otpauth.detail"
    ExportFormat.Aegis -> "export.aegis" to "export.aegis.detail"
    ExportFormat.TwoFas -> "export.two_fas" to "export.two_fas.detail"
    ExportFormat.Google -> "export.google" to "export.google.detail"
    ExportFormat.Cxf -> "export.cxf" to "export.cxf.detail"
    ExportFormat.Sheet -> "export.sheet" to "export.sheet.detail"
    ExportFormat.Entra -> "export.entra" to "export.entra.detail"
}

private fun icon(format: ExportFormat): ImageVector = when (format) {
    ExportFormat.Otpauth -> Icons.Note
    ExportFormat.Aegis, ExportFormat.TwoFas -> Icons.Device
    ExportFormat.Google -> Icons.Qr
    ExportFormat.Cxf -> Icons.Key
    ExportFormat.Sheet -> Icons.Print
    ExportFormat.Entra -> Icons.Briefcase
}

@Composable
private fun ProtectPage(format: ExportFormat, onEvent: (AppEvent) -> Unit) {
    Page(
        words(formatKeys(format).first), { onEvent(AppEvent.Back) },
        foot = {
            MainButton(words("export.protect.password"), { onEvent(ExportEvent.WithPassword) })
            OtherButton(words("export.protect.plain"), { onEvent(ExportEvent.WithoutPassword) }, danger = true)
        },
    ) {
        Headline(words("export.protect.title"))
        Body(words("export.protect.body"))
    }
}

/** What leaves the vault here, everybody can use. */
@Composable
private fun PlainPage(page: ExportPage.Plain, onEvent: (AppEvent) -> Unit) {
    val write = { onEvent(ExportEvent.Write) }
    Page(
        words(formatKeys(page.format).first), { onEvent(AppEvent.Back) },
        foot = {
            when {
                page.format == ExportFormat.Google -> MainButton(words("export.show"), write)
                page.canPrint -> {
                    MainButton(words("export.print"), { onEvent(ExportEvent.Print) })
                    OtherButton(words("export.save"), write)
                }
                else -> MainButton(words("export.save"), write)
            }
        },
    ) {
        Refusal(words("export.plain.title"), words(dangerKey(page.format)))
        if (page.format == ExportFormat.Google) Body(words("export.code.scan"))
        if (page.refusal != null) Refusal(page.refusal)
    }
}

private fun dangerKey(format: ExportFormat) = when (format) {
    ExportFormat.Google -> "export.screen.body"
    ExportFormat.Sheet -> "export.paper.body"
    else -> "export.plain.body"
}

/** Dark on white, whatever the theme: scanners want it so. */
@Composable
private fun CodesPage(page: ExportPage.Codes, onEvent: (AppEvent) -> Unit) {
    val places = arrayOf("number" to page.place + 1, "count" to page.count)
    val host = LocalHost.current
    val picture = remember(page.png) { host.picture(page.png.bytes) }
    Page(
        words("export.google"), { onEvent(AppEvent.Back) },
        foot = {
            val isLast = page.place + 1 == page.count
            val next = words(if (isLast) "common.done" else "export.code.next")
            MainButton(next, { onEvent(ExportEvent.NextCode) })
            if (page.place > 0) OtherButton(words("export.code.previous"), { onEvent(ExportEvent.PreviousCode) })
        },
    ) {
        Headline(words("export.code", *places), Modifier.spoken())
        if (picture != null) {
            Image(
                picture, words("export.code.picture", *places),
                Modifier.fillMaxWidth().aspectRatio(1f).background(Color.White).padding(12.dp),
                filterQuality = FilterQuality.None,
            )
        }
        Body(words("export.code.scan"))
    }
}

@Composable
private fun DonePage(page: ExportPage.Done, onEvent: (AppEvent) -> Unit) {
    Page(title = null, foot = { MainButton(words("common.done"), { onEvent(ExportEvent.Done) }) }) {
        Finished(words("export.done.title"))
        Body(words(nextKey(page.format)))
    }
}

private fun nextKey(format: ExportFormat) = when (format) {
    ExportFormat.Google -> "export.done.google"
    ExportFormat.Sheet -> "export.done.sheet"
    ExportFormat.Entra -> "export.done.entra"
    else -> "export.done.file"
}
