package org.countersign.ui.logic

import org.countersign.core.AegisKey
import org.countersign.core.Carried.LeftOut
import org.countersign.core.Export
import org.countersign.core.ExportTarget
import org.countersign.core.Shelf
import org.countersign.core.TwoFasKey
import org.countersign.core.exportTakesPassword
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Carried
import org.countersign.ui.screens.ExportEvent
import org.countersign.ui.screens.ExportFormat
import org.countersign.ui.screens.ExportPage
import org.countersign.ui.screens.ExportState
import org.countersign.ui.screens.Png
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed
import org.countersign.ui.words.Words

/** Takes accounts out: for which app, which of them, protected how, and then into a file, onto paper or the screen. */
class ExportPresenter(private val session: Session, navigator: Navigator) :
    Presenter<ExportState>(ExportState(ExportPage.Formats(any(session))), navigator, session.scope) {
    private val core get() = session.core
    private val documents get() = session.platform.documents

    /** What was chosen last, for the way back. */
    private var accounts: ExportPage.Accounts? = null

    /** While its codes are shown. */
    internal var codes: Export? = null
        private set

    override fun handle(event: AppEvent) {
        when (event) {
            is ExportEvent.Choose -> chooseAccounts(event.format)
            is ExportEvent.Toggle -> choose { if (event.id in it) it - event.id else it + event.id }
            ExportEvent.ChooseAll -> choose { all -> all + accounts?.rows.orEmpty().map { it.id } }
            ExportEvent.ChooseNone -> choose { emptySet() }
            ExportEvent.Next -> accounts?.let { if (it.chosen.isNotEmpty()) page(protection(it.format)) }
            ExportEvent.WithPassword -> accounts?.let { page(ExportPage.Password(it.format)) }
            ExportEvent.WithoutPassword -> accounts?.let { page(plain(it.format)) }
            is ExportEvent.PasswordChosen -> launch { writeUnder(event.password) }
            ExportEvent.Write -> launch { writePlain() }
            ExportEvent.Print -> launch { print() }
            ExportEvent.NextCode -> showCode(by = 1)
            ExportEvent.PreviousCode -> showCode(by = -1)
            ExportEvent.Done -> navigator.home()
            else -> Unit
        }
    }

    override fun back(): Boolean {
        when (val page = shown.page) {
            is ExportPage.Formats -> return false
            is ExportPage.Accounts -> page(ExportPage.Formats(any(session)))
            is ExportPage.Protect -> accounts?.let(::page)
            is ExportPage.Password -> if (!page.busy) page(ExportPage.Protect(page.format))
            is ExportPage.Plain -> if (!page.busy) {
                if (exportTakesPassword(page.format.core)) page(ExportPage.Protect(page.format))
                else accounts?.let(::page)
            }
            is ExportPage.Codes -> accounts?.let(::page)
            is ExportPage.Done -> page(ExportPage.Formats(any(session)))
        }
        return true
    }

    override fun refused(reason: ReasonName) {
        when (val page = shown.page) {
            is ExportPage.Password -> page(page.copy(busy = false, refusal = reason))
            is ExportPage.Plain -> page(page.copy(busy = false, refusal = reason))
            // Elsewhere only the accounts can have changed: they are read anew.
            else -> page(ExportPage.Formats(any(session)))
        }
    }

    override fun close() {
        super.close()
        forgetCodes()
    }

    private fun forgetCodes() {
        codes?.destroy()
        codes = null
    }

    private fun page(page: ExportPage) {
        if (page is ExportPage.Accounts) accounts = page
        if (page !is ExportPage.Codes) forgetCodes()
        shown = ExportState(page)
    }

    private fun chooseAccounts(format: ExportFormat) {
        val rows = core.previewExport(format.core, null, session.now()).map { it.shown() }
        page(ExportPage.Accounts(format, rows, rows.filter { it.carried !is Carried.LeftOut }.map { it.id }.toSet()))
    }

    /** What the format leaves out is never among the chosen. */
    private fun choose(change: (Set<String>) -> Set<String>) {
        val page = shown.page as? ExportPage.Accounts ?: return
        val left = page.rows.filter { it.carried is Carried.LeftOut }.map { it.id }.toSet()
        page(page.copy(chosen = change(page.chosen) - left))
    }

    private fun protection(format: ExportFormat): ExportPage =
        if (exportTakesPassword(format.core)) ExportPage.Protect(format) else plain(format)

    private fun plain(format: ExportFormat) =
        ExportPage.Plain(format, canPrint = format == ExportFormat.Sheet && documents.canPrint)

    private suspend fun writeUnder(password: Typed) {
        val page = shown.page as? ExportPage.Password ?: return password.wipe()
        if (page.busy) return password.wipe()
        page(page.copy(busy = true, refusal = null))
        try {
            session.needPresence()
            val target = session.held { target(page.format, password) }
            try {
                made(target)
            } finally {
                target.destroy()
            }.use { save(page.format, it) { page(page.copy(busy = false)) } }
        } finally {
            password.wipe()
        }
    }

    private suspend fun writePlain() {
        val page = begin() ?: return
        val export = made(target(page.format, null))
        if (page.format == ExportFormat.Google) {
            codes = export
            page(code(export, 0))
        } else {
            export.use { save(page.format, it) { page(page.copy(busy = false)) } }
        }
    }

    private suspend fun print() {
        val page = begin() ?: return
        made(target(page.format, null)).use { export ->
            val printed = with(checkNotNull(export.file()) { "a sheet is a file" }) {
                try {
                    withFile(FileRefused.UNPRINTABLE) { documents.print(page.format.fileName, this) }
                } finally {
                    fill(0)
                }
            }
            page(if (printed) done(page.format, export) else page.copy(busy = false))
        }
    }

    /** The last page before something leaves the vault; the person is asked for. */
    private suspend fun begin(): ExportPage.Plain? {
        val page = (shown.page as? ExportPage.Plain)?.takeUnless { it.busy } ?: return null
        page(page.copy(busy = true, refusal = null))
        session.needPresence()
        return page
    }

    private fun target(format: ExportFormat, password: Typed?) = when (format) {
        ExportFormat.Otpauth -> ExportTarget.Otpauth
        ExportFormat.Aegis -> ExportTarget.Aegis(password?.let { spent(it, AegisKey::derive) })
        ExportFormat.TwoFas -> ExportTarget.TwoFas(password?.let { spent(it, TwoFasKey::derive) })
        ExportFormat.Google -> ExportTarget.Google
        ExportFormat.Cxf -> ExportTarget.Cxf
        ExportFormat.Sheet -> ExportTarget.Sheet(Words.of(navigator.language).ofSheet(session.now().wall))
        ExportFormat.Entra -> ExportTarget.Entra
    }

    /** In the order of the list, however they were chosen. */
    private suspend fun made(target: ExportTarget): Export {
        val chosen = accounts?.run { rows.map { it.id }.filter { it in chosen } }.orEmpty()
        return session.held { core.export(target, chosen, session.now()) }
    }

    /** Where the person left the dialog, [left]. */
    private suspend fun save(format: ExportFormat, export: Export, left: () -> Unit) {
        val file = documents.create(format.fileName, format.mediaType) ?: return left()
        val content = checkNotNull(export.file()) { "this format is a file" }
        session.leavable {
            try {
                file.save(content)
            } finally {
                content.fill(0)
            }
        }
        page(done(format, export))
    }

    /** What was written is counted: an account may have changed since it was chosen. */
    private fun done(format: ExportFormat, export: Export) =
        ExportPage.Done(format, export.rows().count { it.carried !is LeftOut })

    private fun code(export: Export, place: Int) =
        ExportPage.Codes(place, export.codeCount().toInt(), Png(export.codePng(place.toUInt(), CODE_SCALE)))

    private fun showCode(by: Int) {
        val page = shown.page as? ExportPage.Codes ?: return
        val export = codes ?: return
        when (val place = page.place + by) {
            in 0 until page.count -> page(code(export, place))
            page.count -> page(done(ExportFormat.Google, export))
        }
    }

    private companion object {
        const val CODE_SCALE = 6u

        fun any(session: Session) = session.core.accounts(Shelf.IN_USE, session.now()).isNotEmpty()
    }
}
