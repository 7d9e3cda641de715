package org.countersign.ui.screens

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.PasswordField
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** A file's own password, or the recovery code of a backup. */
@Composable
internal fun LockedFilePage(page: ImportPage.Locked, onEvent: (AppEvent) -> Unit) {
    val typed = remember(page.byCode, page.tries) { TextFieldState() }
    val open = {
        val text = Typed(typed.text)
        onEvent(if (page.byCode) ImportEvent.CodeTyped(text) else ImportEvent.PasswordTyped(text))
    }
    Page(
        words("import.locked.title"), { onEvent(AppEvent.Back) },
        foot = {
            MainButton(words("import.open"), open, typed.text.isNotEmpty())
            if (page.takesCode) {
                val other = words(if (page.byCode) "unlock.with_password" else "unlock.with_recovery")
                QuietButton(other, { onEvent(ImportEvent.UseCode(!page.byCode)) }, Modifier.fillMaxWidth())
            }
        },
    ) {
        val key = if (page.byCode) "import.locked.code" else "import.locked.body"
        Body(words(key, "name" to page.file, "app" to LocalWords.current.app(page.app)))
        val wrong = page.refusal != null
        if (page.byCode) CodeField(typed, words("recovery.code"), wrong, onDone = open)
        else PasswordField(typed, words("password.label"), wrong = wrong, onDone = open)
        if (page.refusal != null) Refusal(page.refusal)
        if (page.seconds != null && !page.byCode) Hint(LocalWords.current.duration(page.seconds), icon = Icons.Clock)
    }
}

private fun Words.duration(seconds: Int): String =
    if (seconds < 90) counted("import.seconds", seconds) else counted("import.minutes", (seconds + 30) / 60)

/** A file from outside may not take what it likes, but a person may give it. */
@Composable
internal fun MemoryPage(page: ImportPage.Memory, onEvent: (AppEvent) -> Unit) {
    Page(
        words("import.memory.title"), { onEvent(AppEvent.Back) },
        foot = {
            MainButton(words("import.memory.do"), { onEvent(ImportEvent.OpenAllTheSame) })
            QuietButton(words("common.cancel"), { onEvent(AppEvent.Back) }, Modifier.fillMaxWidth())
        },
    ) {
        val app = LocalWords.current.app(page.app)
        Body(words("import.memory.body", "name" to page.file, "app" to app, "mib" to page.mib))
    }
}
