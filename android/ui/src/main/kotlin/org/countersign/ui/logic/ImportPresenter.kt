package org.countersign.ui.logic

import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import org.countersign.core.CountersignException
import org.countersign.core.ImportBatch
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportMessage
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Standing
import org.countersign.ui.screens.UnreadFile

/**
 * Brings in the accounts of other apps, or, where [restoring], of a backup of ours: files, a preview, the choice, one
 * transaction, and its undoing. [files] came from another app.
 */
class ImportPresenter(
    private val session: Session,
    navigator: Navigator,
    private val restoring: Boolean,
    files: List<Document> = emptyList(),
) : Presenter<ImportState>(ImportState(restoring, ImportPage.Start()), navigator, session.scope) {
    private val core get() = session.core
    private val opener = FileOpener(session, restoring, ::page)

    /** Of all files that were opened so far. It holds their seeds: it is let go as soon as it is of no use. */
    internal var batch: ImportBatch? = null
        private set
    private var apps = emptyList<String>()

    /** What was seen last of the batch, with what was chosen. */
    private var seen: ImportPage.Preview? = null

    /** Files that are still to be opened. */
    private val waiting = ArrayDeque<Document>()

    /** Those of the files chosen last that could not be. */
    private var unread = emptyList<UnreadFile>()
    private var reading: Job? = null

    init {
        attempt { if (files.isEmpty()) start() else read(files) }
    }

    override fun handle(event: AppEvent) {
        when (event) {
            ImportEvent.ChooseFiles -> launch { read(session.platform.documents.open()) }
            is ImportEvent.PasswordTyped -> opener.answer(FileOpener.Key.Password(event.typed))
            is ImportEvent.CodeTyped -> opener.answer(FileOpener.Key.Code(event.typed))
            is ImportEvent.UseCode -> opener.answer(FileOpener.Key.UseCode(event.on))
            ImportEvent.OpenAllTheSame -> opener.answer(FileOpener.Key.Memory)
            is ImportEvent.Toggle -> choose { if (event.place in it) it - event.place else it + event.place }
            ImportEvent.ChooseAll -> choose { all -> all + seen?.rows.orEmpty().map { it.place } }
            ImportEvent.ChooseNone -> choose { emptySet() }
            ImportEvent.Import -> import()
            is ImportEvent.Undo -> onStart { page(it.copy(undoing = it.past.find { past -> past.id == event.id })) }
            ImportEvent.UndoConfirmed -> onStart { it.undoing?.let { import -> undo(import.id) } }
            ImportEvent.UndoCancelled -> onStart { page(it.copy(undoing = null)) }
            ImportEvent.UndoThis -> (shown.page as? ImportPage.Done)?.id?.let(::undo)
            ImportEvent.MessageGone -> onStart { page(it.copy(message = null)) }
            ImportEvent.Done -> navigator.home()
            else -> Unit
        }
    }

    override fun back(): Boolean {
        when (val page = shown.page) {
            is ImportPage.Start -> if (page.undoing == null) return false else page(page.copy(undoing = null))
            is ImportPage.Preview -> if (!page.busy) attempt { start() }
            is ImportPage.Done, is ImportPage.Failed -> attempt { start() }
            is ImportPage.Reading, is ImportPage.Locked, is ImportPage.Memory, is ImportPage.Deriving -> readOn()
        }
        return true
    }

    override fun refused(reason: ReasonName) {
        page(
            when (val page = shown.page) {
                is ImportPage.Start -> page.copy(undoing = null, message = ImportMessage.Refused(reason))
                is ImportPage.Preview -> page.copy(busy = false, refusal = reason)
                else -> ImportPage.Failed(unread + UnreadFile(opener.file, reason, opener.over))
            },
        )
    }

    override fun close() {
        super.close()
        forget()
    }

    private fun forget() {
        batch?.destroy()
        batch = null
        apps = emptyList()
        seen = null
        waiting.clear()
        unread = emptyList()
    }

    private fun page(page: ImportPage) {
        if (page is ImportPage.Preview) seen = page
        shown = shown.copy(page = page)
    }

    private inline fun onStart(work: (ImportPage.Start) -> Unit) {
        (shown.page as? ImportPage.Start)?.let(work)
    }

    private fun start(message: ImportMessage? = null) {
        forget()
        val past = if (restoring) emptyList() else core.pastImports(session.now()).asReversed()
        page(ImportPage.Start(past.map { it.shown() }, message = message))
    }

    private fun read(files: List<Document>) {
        if (files.isEmpty()) return
        waiting += files
        unread = emptyList()
        readOn()
    }

    /** Opens the files that wait; one that is being opened is left, and those that were opened before stay. */
    private fun readOn() {
        val left = reading
        reading = launch {
            left?.cancelAndJoin()
            while (waiting.isNotEmpty()) opened(waiting.removeFirst())?.let(::take)
            preview()
        }
    }

    /** The entries of a file; one that can't be opened is told beside the others. */
    private suspend fun opened(file: Document): ImportBatch? {
        val reason = try {
            return opener.open(file)
        } catch (error: CountersignException.Locked) {
            throw error
        } catch (error: CountersignException) {
            error.named()
        } catch (error: FileRefused) {
            error.reason
        }
        unread += UnreadFile(opener.file, reason, opener.over)
        return null
    }

    private fun take(opened: ImportBatch) {
        apps = (apps + opened.kind().app).distinct()
        batch = batch?.use { before -> opened.use(before::joined) } ?: opened
    }

    /** What the person chose before stays chosen; of what is new it is chosen as usual. */
    private suspend fun preview() {
        val batch = batch ?: return if (unread.isEmpty()) start() else page(ImportPage.Failed(unread))
        val rows = session.leavable { core.previewImport(batch, session.now()) }
        val known = seen?.rows.orEmpty().map { it.place }.toSet()
        val new = rows.filter { it.chosen }.map { it.entry.toInt() } - known
        page(
            ImportPage.Preview(
                apps = apps,
                madeAt = batch.madeAt(),
                rows = rows.map { it.shown() },
                chosen = seen?.chosen.orEmpty() + new,
                missingParts = batch.missingParts().map { it.toInt() },
                partCount = batch.partCount().toInt(),
                setUps = rows.mapNotNull { it.newSetUp() },
                unread = unread,
            ),
        )
    }

    /** What can't be taken is never among the chosen. */
    private fun choose(change: (Set<Int>) -> Set<Int>) {
        val page = shown.page as? ImportPage.Preview ?: return
        val refused = page.rows.filter { it.standing is Standing.Refused }.map { it.place }.toSet()
        if (!page.busy) page(page.copy(chosen = change(page.chosen) - refused, refusal = null))
    }

    private fun import() {
        val page = shown.page as? ImportPage.Preview ?: return
        val batch = batch ?: return
        if (page.busy || page.chosen.isEmpty()) return
        page(page.copy(busy = true, refusal = null))
        launch {
            val chosen = page.chosen.sorted().map { it.toULong() }
            val result = session.leavable { core.importEntries(batch, chosen, session.now()) }
            forget()
            page(ImportPage.Done(result.id, result.accounts.size, page.setUps))
        }
    }

    private fun undo(id: String) {
        val count = core.undoImport(id, session.now())
        start(ImportMessage.Undone(count.toInt()))
    }
}
