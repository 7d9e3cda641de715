package org.countersign.ui.logic

import kotlinx.coroutines.CompletableDeferred
import org.countersign.core.CountersignException
import org.countersign.core.ImportBatch
import org.countersign.core.ImportUnlocking
import org.countersign.core.LockedImport
import org.countersign.core.OpenedImport
import org.countersign.core.Reason
import org.countersign.core.UnlockProgress
import org.countersign.core.isBackup
import org.countersign.core.openImport
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.OverLimit
import org.countersign.ui.screens.Typed

/** Opens files of other apps, or, where [restoring], backups of ours, and asks for what they are locked with. */
internal class FileOpener(
    private val session: Session,
    private val restoring: Boolean,
    private val show: (ImportPage) -> Unit,
) {
    /** The file that is being opened, or was the last. */
    var file = ""
        private set

    /** The limit that it goes over, if that is why it can't be opened. */
    var over: OverLimit? = null
        private set

    private var question: CompletableDeferred<Key>? = null

    /** What a person says to a locked file. */
    sealed interface Key {
        class Password(val typed: Typed) : Key

        class Code(val typed: Typed) : Key

        data class UseCode(val on: Boolean) : Key

        /** It may have the memory that it wants. */
        data object Memory : Key
    }

    /** Says it to the question that waits, if any does. */
    fun answer(key: Key) {
        if (question?.complete(key) != true) key.wipe()
    }

    /** Its entries. To stop, the coroutine is cancelled: what a thread goes on with then is let go. */
    suspend fun open(document: Document): ImportBatch {
        file = document.name
        over = null
        show(ImportPage.Reading(file))
        return when (val opened = session.held { read(document) }) {
            is OpenedImport.Entries -> opened.batch
            is OpenedImport.NeedsPassword -> opened.file.use { unlock(it) }
        }
    }

    private fun read(document: Document): OpenedImport {
        val content = withFile(FileRefused.UNREADABLE) { document.read(LARGEST_FILE) }
            ?: throw FileRefused(FileRefused.TOO_LARGE)
        try {
            return lent(content) {
                if (restoring && !isBackup(it)) throw CountersignException.Refused(Reason.NOT_A_BACKUP)
                openImport(it)
            }
        } finally {
            content.fill(0)
        }
    }

    private suspend fun unlock(locked: LockedImport): ImportBatch {
        val app = locked.kind().app
        val memoryKib = memoryFor(locked, app)
        val seconds = session.leavable { secondsFor(locked) }.takeIf { it >= LONG_SECONDS }
        var page = ImportPage.Locked(file, app, locked.takesCode(), seconds = seconds)
        while (true) {
            try {
                when (val key = ask(page)) {
                    is Key.UseCode -> page = page.copy(byCode = key.on, refusal = null)
                    is Key.Code -> return derive(locked, spent(key.typed, locked::unlockWithCode))
                    is Key.Password -> return derive(locked, spent(key.typed) { locked.unlock(it, memoryKib) })
                    Key.Memory -> Unit
                }
            } catch (error: CountersignException.Refused) {
                if (error.reason !in MISTYPED) throw error
                page = page.copy(refusal = error.named(), tries = page.tries + 1)
            }
        }
    }

    /** The memory to open it with, in KiB; 0 is what any file gets. More is given only by the person. */
    private suspend fun memoryFor(locked: LockedImport, app: String): ULong {
        val limit = locked.overLimit(USUAL) ?: return USUAL
        if (limit.unit != "KiB") refuse(limit)
        do {
            val key = ask(ImportPage.Memory(file, app, limit.wanted.toMib()))
        } while (key != Key.Memory)
        locked.overLimit(limit.wanted)?.let(::refuse)
        return limit.wanted
    }

    private fun refuse(limit: org.countersign.core.OverLimit): Nothing {
        over = OverLimit(limit.wanted.toLong(), limit.most.toLong(), limit.unit)
        throw CountersignException.Refused(Reason.DERIVATION_TOO_COSTLY)
    }

    /** How long opening takes here: a small part of the work is done, and the whole is so many times as much. */
    private fun secondsFor(locked: LockedImport): Int {
        val start = session.platform.clocks.steadyMs()
        val parts = locked.trial()
        val one = session.platform.clocks.steadyMs() - start
        return (one.toDouble() * parts.toDouble() / 1000).toInt()
    }

    private suspend fun derive(locked: LockedImport, unlocking: ImportUnlocking): ImportBatch {
        val (app, cost) = locked.kind().app to locked.costs().firstOrNull()
        show(ImportPage.Deriving(app, percent = if (cost?.inSlices == true) 0 else null))
        try {
            while (true) {
                when (val progress = session.held(unlocking::step)) {
                    is UnlockProgress.Done -> return progress.batch
                    is UnlockProgress.Working -> show(ImportPage.Deriving(app, progress.percent()))
                }
            }
        } finally {
            unlocking.destroy()
        }
    }

    private fun UnlockProgress.Working.percent() = (done * 100u / of.coerceAtLeast(1u)).toInt().coerceAtMost(100)

    private suspend fun ask(page: ImportPage): Key {
        val wait = CompletableDeferred<Key>().also { question = it }
        show(page)
        try {
            return wait.await()
        } finally {
            question = null
        }
    }

    private fun Key.wipe() = when (this) {
        is Key.Password -> typed.wipe()
        is Key.Code -> typed.wipe()
        is Key.UseCode, Key.Memory -> Unit
    }

    private fun ULong.toMib() = ((this + 1_023u) / 1_024u).coerceAtMost(Int.MAX_VALUE.toULong()).toInt()

    private companion object {
        const val USUAL: ULong = 0u

        /** What takes longer is told before. */
        const val LONG_SECONDS = 3
        val MISTYPED = setOf(
            Reason.IMPORT_WRONG_PASSWORD, Reason.IMPORT_WRONG_RECOVERY_CODE, Reason.RECOVERY_CODE_MISTYPED,
        )
    }
}
