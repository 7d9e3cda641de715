package org.countersign.ui.logic

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.countersign.ui.screens.Hidden

/** The code that is on the clipboard: it is taken away after a while, and at the latest when the app ends. */
class CopiedCode(private val clipboard: Clipboard, private val scope: CoroutineScope) {
    @Volatile private var code: Hidden? = null
    private var clearing: Job? = null

    fun put(code: Hidden) {
        clipboard.put(code.text)
        this.code = code
        clearing?.cancel()
        clearing = scope.launch {
            delay(SECONDS * 1_000L)
            clear()
        }
    }

    /** Now; what else was copied since stays. May be called from any thread. */
    fun clear() {
        code?.let { clipboard.clear(it.text) }
        code = null
    }

    companion object {
        const val SECONDS = 30
    }
}
