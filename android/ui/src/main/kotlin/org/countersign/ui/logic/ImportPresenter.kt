package org.countersign.ui.logic

import kotlinx.coroutines.Job
import org.countersign.core.ImportBatch
import org.countersign.core.ImportRow
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportMessage
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Standing

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

    /** Of all files that were opened so far. */
    private var batch: ImportBatch? = null
    private var apps = emptyList<String>()
    private var rows = emptyList<ImportRow>()
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
            ImportEvent.ChooseAll -> choose { all -> all + rows.map { it.entry.toInt() } }
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
            is ImportPage.Done -> attempt { start() }
            is ImportPage.Reading, is ImportPage.Locked, is ImportPage.Memory, is ImportPage.Deriving,
            is ImportPage.Failed -> withoutThisFile()
        }
        return true
    }

    override fun refused(reason: ReasonName) {
        page(
            when (val page = shown.page) {
                is ImportPage.Start -> page.copy(undoing = null, message = ImportMessage.Refused(reason))
                is ImportPage.Preview -> page.copy(busy = false, refusal = reason)
                else -> ImportPage.Failed(opener.file, reason, opener.over)
            },
        )
    }

    private fun page(page: ImportPage) {
        shown = shown.copy(page = page)
    }

    private inline fun onStart(work: (ImportPage.Start) -> Unit) {
        (shown.page as? ImportPage.Start)?.let(work)
    }

    private fun start(message: ImportMessage? = null) {
        batch = null
        apps = emptyList()
        val past = if (restoring) emptyList() else core.pastImports(session.now()).asReversed()
        page(ImportPage.Start(past.map { it.shown() }, message = message))
    }

    private fun read(files: List<Document>) {
        if (files.isEmpty()) return
        reading = launch {
            for (file in files) take(opener.open(file))
            preview()
        }
    }

    private fun take(opened: ImportBatch) {
        apps = (apps + opened.kind().app).distinct()
        batch = batch?.joined(opened) ?: opened
    }

    /** The file that is being opened is left; those that were opened before stay. */
    private fun withoutThisFile() {
        reading?.cancel()
        launch { preview() }
    }

    private suspend fun preview() {
        val batch = batch ?: return start()
        rows = session.leavable { core.previewImport(batch, session.now()) }
        page(
            ImportPage.Preview(
                apps = apps,
                madeAt = batch.madeAt(),
                rows = rows.map { it.shown() },
                chosen = rows.filter { it.chosen }.map { it.entry.toInt() }.toSet(),
                missingParts = batch.missingParts().map { it.toInt() },
                partCount = batch.partCount().toInt(),
                setUps = rows.newSetUps(),
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
            page(ImportPage.Done(result.id, result.accounts.size, page.setUps))
        }
    }

    private fun undo(id: String) {
        val count = core.undoImport(id, session.now())
        start(ImportMessage.Undone(count.toInt()))
    }
}
