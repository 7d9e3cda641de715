package org.countersign.ui.logic

import java.io.IOException
import org.countersign.core.Authenticator
import org.countersign.core.Backup
import org.countersign.core.CountersignException
import org.countersign.core.Reason
import org.countersign.core.isBackup

/**
 * The backups of one vault in a folder.
 *
 * A file has the name of a backup only when it is whole: until it was read back it has another one, [PART] behind its
 * own, and is renamed then. Not every app that keeps files can rename. There the file is written once more under its
 * own name, and only then the first goes: as long as that is there, the other may be cut.
 */
internal class BackupFiles(private val core: Authenticator, private val folder: Folder) {
    /** Writes one; gives its name, and what was read of it. */
    fun add(backup: Backup): Pair<String, ByteArray> {
        val there = withFile(FileRefused.FOLDER_GONE) { folder.files() }
        val name = generateSequence(1u) { it + 1u }.map { core.backupName(backup.madeAt(), it) }
            .first { it !in there && it + PART !in there }
        val part = withFile(FileRefused.FOLDER_GONE) { folder.create(name + PART) }
        backup.written(part)
        val renamed = try {
            folder.rename(name + PART, name)
        } catch (_: IOException) {
            null
        }
        return name to if (renamed != null) backup.read(renamed) else again(backup, name, part)
    }

    private fun again(backup: Backup, name: String, part: Document): ByteArray {
        val file = withFile(FileRefused.FOLDER_GONE) { folder.create(name) }
        return backup.written(file).also { runCatching(part::delete) }
    }

    /** Removes what was cut, and what is more than [keep] with [new]. What can't be removed stays, and does no harm. */
    fun tidy(new: String, keep: UInt) {
        val there = names()
        val parts = there.filter { it.endsWith(PART) }.map { it.removeSuffix(PART) }
        for (name in ofVault(parts, new)) runCatching { end(name, isThere = name in there) }
        // A file counts by its content: one that only has the name takes no backup's place, and is not removed.
        val backups = ofVault(names(), new).filter(::isReal)
        for (old in core.supersededBackups(backups + new, new, keep)) runCatching { folder.file(old).delete() }
    }

    private fun names() = runCatching(folder::files).getOrDefault(emptyList())

    /** Those of [names] that a backup of this vault other than [new] has. */
    private fun ofVault(names: List<String>, new: String) = core.supersededBackups(names, new, 1u)

    /** Ends what was left in the middle: the file with the right name goes too, unless it is all that was written. */
    private fun end(name: String, isThere: Boolean) {
        val part = folder.file(name + PART)
        if (isThere) {
            val file = folder.file(name)
            if (!file.read(LARGEST_FILE).contentEquals(part.read(LARGEST_FILE))) file.delete()
        }
        part.delete()
    }

    private fun isReal(name: String) = runCatching { lent(folder.start(name, START), ::isBackup) }.getOrDefault(false)

    private companion object {
        const val PART = ".part"

        /** Bytes by which a backup is known. */
        const val START = 64
    }
}

/** Writes it; gives what was read of the file, which is this backup and opens. What is not does not stay. */
internal fun Backup.written(file: Document): ByteArray = file.orDeleted {
    withFile(FileRefused.UNWRITABLE) { file.write(bytes()) }
    read(file)
}

/** What is in the file: this backup, which opens. */
private fun Backup.read(file: Document): ByteArray = file.orDeleted {
    val read = withFile(FileRefused.UNREADABLE) { file.read(LARGEST_FILE) }
        ?: throw CountersignException.Refused(Reason.BACKUP_UNVERIFIED)
    read.also { lent(it, ::check) }
}
