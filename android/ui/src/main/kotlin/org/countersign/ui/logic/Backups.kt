package org.countersign.ui.logic

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.countersign.core.BackupPlace
import org.countersign.core.BackupState
import org.countersign.core.CountersignException
import org.countersign.core.LastBackup
import org.countersign.core.Reason
import org.countersign.core.isBackup
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
        val missing = state.missing.toInt()
        return when {
            failure != null -> BackupWarning.Unwritten(failure)
            // What is missing is about to be written.
            missing > 0 && state.place?.isAutomatic == true -> null
            missing > 0 && state.last == null -> BackupWarning.None
            missing > 0 -> BackupWarning.Missing(missing)
            else -> state.oldForDays?.let { BackupWarning.Old(it.toInt()) }
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

    /** Writes one to a file that the person chose. */
    suspend fun writeTo(file: Document): LastBackup =
        one.withLock { session.leavable { write { file } } }.also { ended(null) }

    /** Writes one to the folder, and then removes what is more than are to be kept. */
    suspend fun writeIn(place: BackupPlace): LastBackup =
        one.withLock { session.leavable { writeTo(place) } }.also { ended(null) }

    /** That it can't be written undoes no change: it is said. */
    private suspend fun writeIfDue() {
        try {
            one.withLock { session.leavable { placeIfDue()?.let(::writeTo) } }
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

    private fun writeTo(place: BackupPlace): LastBackup {
        val folder = session.platform.documents.folder(place.folder)
        val there = withFile(FileRefused.FOLDER_GONE) { folder.files() }
        val at = session.now().wall
        val name = generateSequence(1u) { it + 1u }.map { core.backupName(at, it) }.first { it !in there }
        val last = write { withFile(FileRefused.FOLDER_GONE) { folder.create(name) } }
        // One that lacks an account takes the place of none that has it.
        if (last.damaged == 0uL) {
            for (old in core.supersededBackups(there + name, name, place.keep)) removeBackup(folder, old)
        }
        return last
    }

    private fun write(target: () -> Document): LastBackup = core.backup(session.now()).use { backup ->
        val file = target()
        try {
            withFile(FileRefused.UNWRITABLE) { file.write(backup.bytes()) }
            val read = withFile(FileRefused.UNREADABLE) { file.read(LARGEST_FILE) }
                ?: throw CountersignException.Refused(Reason.BACKUP_UNVERIFIED)
            lent(read) { core.confirmBackup(backup, it, session.now()) }
        } catch (error: Exception) {
            // What does not open must not be taken for a backup.
            runCatching(file::delete)
            throw error
        }
    }

    /** Removes a file that is a backup. One that can't be removed stays, and does no harm. */
    private fun removeBackup(folder: Folder, name: String) {
        runCatching {
            val file = folder.file(name)
            if (file.read(LARGEST_FILE)?.let { lent(it, ::isBackup) } == true) file.delete()
        }
    }

    private companion object {
        const val SETTLE_MS = 2_000L
    }
}
