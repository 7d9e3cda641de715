package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.CheckRow
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.ListPage
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Selection
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** Which accounts, and what the format can't carry of them: it is known before anything is written. */
@Composable
internal fun ExportAccountsPage(page: ExportPage.Accounts, onEvent: (AppEvent) -> Unit) {
    val (title, detail) = formatKeys(page.format)
    ListPage(
        words(title), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("common.next"), { onEvent(ExportEvent.Next) }, page.chosen.isNotEmpty()) },
    ) {
        item("head") { Head(page, words(detail), onEvent) }
        items(page.rows, ExportRow::id) { AccountToExport(it, it.id in page.chosen, onEvent) }
    }
}

@Composable
private fun Head(page: ExportPage.Accounts, detail: String, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val leftOut = page.rows.count { it.carried is Carried.LeftOut }
    val inPart = page.rows.count { it.carried is Carried.Without }
    Column(Modifier.padding(start = 20.dp, end = 20.dp, bottom = 4.dp), Arrangement.spacedBy(12.dp)) {
        Body(detail)
        val told = listOfNotNull(
            if (leftOut > 0) words.counted("export.cant", leftOut) else null,
            if (inPart > 0) words.counted("export.partly", inPart) else null,
        )
        if (told.isNotEmpty()) Hint(told.joinToString("\n"), icon = Icons.Warning)
        Selection(page.chosen.size, { onEvent(ExportEvent.ChooseAll) }, { onEvent(ExportEvent.ChooseNone) })
    }
}

@Composable
private fun AccountToExport(row: ExportRow, chosen: Boolean, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val carried = row.carried
    val toggle = { onEvent(ExportEvent.Toggle(row.id)) }.takeUnless { carried is Carried.LeftOut }
    CheckRow(words.title(row.issuer, row.name), chosen, toggle) {
        when (carried) {
            Carried.Whole -> Detail(words("export.whole"))
            is Carried.Without -> {
                val lost = words.listed(carried.lost.map { words(lostKey(it)) })
                Detail(words("export.without", "what" to lost))
            }
            is Carried.LeftOut -> Detail(words(whyKey(carried.why)), MaterialTheme.colorScheme.error)
        }
    }
}

private fun lostKey(lost: Lost) = when (lost) {
    Lost.Approvals -> "export.lost.approvals"
    Lost.Note -> "export.lost.note"
    Lost.Tags -> "export.lost.tags"
    Lost.MoreTags -> "export.lost.more_tags"
    Lost.Favourite -> "export.lost.favourite"
    Lost.QrCode -> "export.lost.qr_code"
}

private fun whyKey(why: Carried.Why) = when (why) {
    Carried.Why.NoCodes -> "export.left_out.no_codes"
    Carried.Why.Kind -> "export.left_out.kind"
    Carried.Why.Algorithm -> "export.left_out.algorithm"
    Carried.Why.Digits -> "export.left_out.digits"
    Carried.Why.Period -> "export.left_out.period"
    Carried.Why.Counter -> "export.left_out.counter"
    Carried.Why.Secret -> "export.left_out.secret"
    Carried.Why.Name -> "export.left_out.name"
    Carried.Why.TooLong -> "export.left_out.too_long"
    Carried.Why.Damaged -> "export.left_out.damaged"
}
