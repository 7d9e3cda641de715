package org.countersign.ui.logic

import kotlinx.coroutines.flow.drop
import org.countersign.core.BackupPlace
import org.countersign.core.LastBackup as CoreLastBackup
import org.countersign.core.Way
import org.countersign.core.backupsKept
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.BackupCode
import org.countersign.ui.screens.BackupEvent
import org.countersign.ui.screens.BackupFacts
import org.countersign.ui.screens.BackupFolder
import org.countersign.ui.screens.BackupMessage
import org.countersign.ui.screens.BackupPage
import org.countersign.ui.screens.BackupState
import org.countersign.ui.screens.LastBackup
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

/** How the vault stands with its backups; what opens them, where they go, and one now. */
class BackupPresenter(private val session: Session, private val backups: Backups, navigator: Navigator) :
    Presenter<BackupState>(BackupState(read(session, backups)), navigator, session.scope) {
    private val core get() = session.core
    private val documents get() = session.platform.documents
    private var check: RecoveryCheck? = null

    /** What waits for a password. */
    private var then: (suspend () -> Unit)? = null

    init {
        launch { backups.outcome.drop(1).collect { attempt { reload() } } }
    }

    override fun handle(event: AppEvent) {
        when (event) {
            is BackupEvent.OpenPage -> page(event.page)
            BackupEvent.Make -> launch { withPassword { make() } }
            BackupEvent.MakeFile -> launch { withPassword { makeFile() } }
            is BackupEvent.PasswordChosen -> launch { setPassword(event.password) }
            BackupEvent.NewCode -> launch { newCode() }
            BackupEvent.WrittenDown -> check?.let { page(BackupPage.CheckGroup(it.ask())) }
            BackupEvent.ShowAgain -> check?.let { page(BackupPage.WriteDown(it.groups())) }
            is BackupEvent.GroupTyped -> check?.let { checkGroup(it, event.text) }
            BackupEvent.ChooseFolder -> launch { withPassword { chooseFolder() } }
            BackupEvent.ForgetFolder -> place { null }
            is BackupEvent.SetAutomatic -> place { it?.copy(isAutomatic = event.on) }
            is BackupEvent.SetKeep -> place { it?.copy(keep = event.count.toUInt()) }
            BackupEvent.Restore -> navigator.open(Place.Restore)
            BackupEvent.MessageGone -> shown = shown.copy(message = null)
            else -> Unit
        }
    }

    override fun entered() = attempt { reload() }

    override fun back(): Boolean {
        val page = shown.page
        when {
            page == BackupPage.Overview -> return false
            page is BackupPage.Password && page.busy -> return true
            page is BackupPage.CheckGroup -> check?.let { page(BackupPage.WriteDown(it.groups())) }
            else -> page(BackupPage.Overview)
        }
        return true
    }

    override fun refused(reason: ReasonName) {
        if (shown.page is BackupPage.Password) return page(BackupPage.Password(refusal = reason))
        shown = shown.copy(busy = false, message = BackupMessage.Refused(reason))
    }

    private fun page(page: BackupPage) {
        if (page !is BackupPage.Password) then = null
        shown = shown.copy(page = page)
    }

    private fun reload() {
        shown = shown.copy(facts = read(session, backups))
    }

    private fun done(message: BackupMessage) {
        shown = BackupState(read(session, backups), message = message)
    }

    /** A backup without a password can't be; where there is none, that is asked for first. */
    private suspend fun withPassword(work: suspend () -> Unit) {
        if (shown.busy) return
        if (shown.facts.hasPassword) return work()
        then = work
        page(BackupPage.Password())
    }

    /** Whoever has a backup and its password has the accounts, so the person is asked for. */
    private suspend fun setPassword(password: Typed) {
        if ((shown.page as? BackupPage.Password)?.busy != false) return password.wipe()
        page(BackupPage.Password(busy = true))
        try {
            session.needPresence()
            session.leavable { spent(password) { core.setBackupPassword(it, session.now()) } }
        } finally {
            password.wipe()
        }
        done(BackupMessage.PasswordSet)
        then.also { then = null }?.invoke()
    }

    private suspend fun make() {
        val place = backups.state().place ?: return makeFile()
        busyWith { backups.writeIn(place) }
    }

    private suspend fun makeFile() = busyWith {
        backups.writeTo { name -> documents.create(name, "application/octet-stream") }
    }

    /** [work] makes a backup, or, where the person left a dialog, none. */
    private suspend fun busyWith(work: suspend () -> CoreLastBackup?) {
        if (shown.busy) return
        shown = shown.copy(busy = true, message = null)
        if (work() == null) shown = shown.copy(busy = false) else done(BackupMessage.Made)
    }

    /** The first backup goes there at once: that shows whether it can. */
    private suspend fun chooseFolder() {
        val folder = withFile(FileRefused.FOLDER_GONE) { documents.chooseFolder() } ?: return
        val before = backups.state().place
        place { BackupPlace(folder, before?.keep ?: backupsKept(), before?.isAutomatic ?: true) }
        make()
    }

    private fun place(change: (BackupPlace?) -> BackupPlace?) {
        core.setBackupPlace(change(backups.state().place), session.now())
        shown = shown.copy(facts = read(session, backups), page = BackupPage.Overview)
    }

    private suspend fun newCode() {
        session.needPresence()
        val new = RecoveryCheck(core.newBackupCode(session.now()))
        lent(byteArrayOf(1)) { core.putHostRow(RecoveryCheck.BACKUP_UNCHECKED, it, session.now()) }
        check = new
        reload()
        page(BackupPage.WriteDown(new.groups()))
    }

    private fun checkGroup(check: RecoveryCheck, text: Typed) {
        if (!check.isRight(text)) return page(BackupPage.CheckGroup(check.asked, wrong = true))
        core.removeHostRows(listOf(RecoveryCheck.BACKUP_UNCHECKED), session.now())
        this.check = null
        done(BackupMessage.CodeMade)
    }

    private companion object {
        fun read(session: Session, backups: Backups): BackupFacts {
            val state = backups.state()
            return BackupFacts(
                last = state.last?.let { LastBackup(it.at, it.accounts.toInt(), it.damaged.toInt()) },
                warning = backups.warning(state),
                hasPassword = Way.PASSWORD in state.ways,
                code = when {
                    Way.RECOVERY !in state.ways -> BackupCode.None
                    session.core.hostRow(RecoveryCheck.BACKUP_UNCHECKED, session.now()) != null -> BackupCode.Unchecked
                    else -> BackupCode.There
                },
                folder = state.place?.let {
                    BackupFolder(session.platform.documents.folder(it.folder).name, it.keep.toInt(), it.isAutomatic)
                },
            )
        }
    }
}
