package org.countersign.app

import android.content.Intent
import android.net.Uri
import org.countersign.ui.screens.Typed

/** What an intent wants. It may come from any app: it says what to look at, never what to do. */
internal sealed interface Wish {
    /** A set-up link, a link that a sign-in waits, or a shared text; the core judges it. */
    class Read(val text: Typed) : Wish

    /** To bring in the accounts of files; the core judges those too. */
    data class Files(val files: List<Uri>) : Wish

    /** To see which sign-ins wait. */
    data object Look : Wish

    data object None : Wish

    companion object {
        fun of(intent: Intent): Wish = when {
            // Chosen from the list of recent apps: the link was for an earlier start.
            intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0 -> None
            intent.action == LOOK -> Look
            intent.action == Intent.ACTION_VIEW -> read(intent.dataString)
            intent.action == Intent.ACTION_SEND -> files(intent) ?: read(shared(intent))
            intent.action == Intent.ACTION_SEND_MULTIPLE -> files(intent) ?: None
            else -> None
        }

        /** No export is in more pictures. */
        private const val MOST_FILES = 200

        const val LOOK = "org.countersign.app.LOOK"

        private fun read(text: CharSequence?): Wish = if (text.isNullOrBlank()) None else Read(Typed(text))

        /** The system puts shared files into the clip. Only what another app lends: a path could be one of ours. */
        private fun files(intent: Intent): Wish? {
            val shared = intent.clipData?.let { clip -> List(clip.itemCount) { clip.getItemAt(it).uri } }.orEmpty()
            return Files(shared.filterNotNull().filter { it.scheme == "content" }.take(MOST_FILES))
                .takeIf { it.files.isNotEmpty() }
        }

        /** Extras of another app may be of classes that are not here. */
        private fun shared(intent: Intent): CharSequence? =
            runCatching { intent.getCharSequenceExtra(Intent.EXTRA_TEXT) }.getOrNull()
    }
}
