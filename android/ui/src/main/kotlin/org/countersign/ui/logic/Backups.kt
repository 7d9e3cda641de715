package org.countersign.ui.logic

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.countersign.core.Backup
import org.countersign.core.BackupPlace
import org.countersign.core.BackupState
import org.countersign.core.BackupWarning as Warning
import org.countersign.core.CountersignException
import org.countersign.core.LastBackup
import org.countersign.ui.screens.BackupWarning
import org.countersign.ui.screens.ReasonName

/** Backups as files: written and read back before they count, on wish or after each change. */
class Backups(private val session: Session) {
    private val core get() = session.core
    private val outcomes = MutableStateFlow(Outcome())

    /** One file at a time. */
    private val one = Mutex()

    /** The generation of the vault that was looked at last. */
    private var seen: ULong? = null
    private var settling: Job? = null

    /** What became of the last one that was written by itself; [number] counts them. */
    data class Outcome(val number: Int = 0, val failure: ReasonName? = null)

    val outcome: StateFlow<Outcome> = outcomes.asStateFlow()

    fun state(): BackupState = core.backupState(session.now())

    /** What a person should be told where the accounts are. */
    fun warning(state: BackupState = state()): BackupWarning? {
        val failure = outcome.value.failure
        if (failure != null) return BackupWarning.Unwritten(failure)
        val isWritten = state.place?.isAutomatic == true
        return when (val warning = state.warning) {
            null -> null
            is Warning.Old -> BackupWarning.Old(warning.v1.toInt())
            // What is missing is about to be written.
            is Warning.NoneYet -> BackupWarning.None.takeUnless { isWritten }
            is Warning.Missing -> BackupWarning.Missing(warning.v1.toInt()).takeUnless { isWritten }
        }
    }

    /** Something may have changed: a while after the last change a backup goes to the folder, where that is wanted. */
    fun changed() {
        val generation = generation() ?: return
        if (generation == seen) return
        seen = generation
        settling?.cancel()
        settling = session.scope.launch {
            delay(SETTLE_MS)
            session.scope.launch { writeIfDue() }
        }
    }

    /** The app is no longer seen: what is to be written is written now. */
    fun hurry() {
        if (settling?.isActive != true) return
        settling?.cancel()
        session.scope.launch { writeIfDue() }
    }

    /**
     * Makes one, and writes it to the file that the person then chooses by its name; null where they choose none. What
     * was chosen is written also when the vault was locked meanwhile: no empty file stays.
     */
    suspend fun writeTo(choose: suspend (String) -> Document?): LastBackup? {
        val backup = session.held { core.backup(session.now()) }
        val name = core.backupName(backup.madeAt(), 1u)
        return session.leavable {
            backup.use {
                choose(name)?.let { file -> one.withLock { confirmed(backup, backup.written(file)) } }
            }
        }?.also { ended(null) }
    }

    /** Writes one to the folder, and then removes what is more than are to be kept. */
    suspend fun writeIn(place: BackupPlace): LastBackup =
        one.withLock { session.leavable { writeTo(place) } }.also { ended(null) }

    /** That it can't be written undoes no change: it is said. */
    private suspend fun writeIfDue() {
        try {
            one.withLock { session.leavable { placeIfDue()?.let { writeTo(it) } } }
            ended(null)
        } catch (_: CountersignException.Locked) {
            return
        } catch (error: CountersignException) {
            ended(error.named())
        } catch (error: FileRefused) {
            ended(error.reason)
        }
    }

    private fun placeIfDue() = state().place?.takeIf { it.isAutomatic && core.isBackupDue(session.now()) }

    /** Null where the vault is locked: it is looked at again after the next unlocking. */
    private fun generation(): ULong? = try {
        core.head().generation
    } catch (_: CountersignException) {
        null
    }

    private fun ended(failure: ReasonName?) {
        // What failed is tried again after the next change. What went well is looked at once more: something may have
        // changed meanwhile.
        if (failure != null) seen = generation()
        outcomes.value = Outcome(outcome.value.number + 1, failure)
    }

    private fun writeTo(place: BackupPlace): LastBackup = core.backup(session.now()).use { backup ->
        val files = BackupFiles(core, session.platform.documents.folder(place.folder))
        val (name, read) = files.add(backup)
        val last = confirmed(backup, read)
        // One that lacks an account takes the place of none that has it.
        if (last.damaged == 0uL) files.tidy(name, place.keep)
        last
    }

    private fun confirmed(backup: Backup, read: ByteArray): LastBackup =
        lent(read) { core.confirmBackup(backup, it, session.now()) }

    private companion object {
        const val SETTLE_MS = 2_000L
    }
}
