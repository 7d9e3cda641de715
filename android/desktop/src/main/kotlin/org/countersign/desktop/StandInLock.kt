package org.countersign.desktop

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import kotlin.io.path.deleteIfExists
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.countersign.ui.logic.DeviceLock

/**
 * In place of a phone's lock: it only asks. The bytes lie in a file that its owner can read, so it protects nothing; a
 * vault that matters gets a password.
 */
class StandInLock(folder: Path) : DeviceLock {
    private val file = folder.resolve("device-lock")
    private val questions = MutableStateFlow<CompletableDeferred<Boolean>?>(null)

    /** What is to be answered now, by whoever shows it. */
    val asking: StateFlow<CompletableDeferred<Boolean>?> get() = questions

    override fun offered() = true

    override suspend fun confirm(): Boolean {
        val question = CompletableDeferred<Boolean>()
        questions.value = question
        return try {
            question.await()
        } finally {
            questions.value = null
        }
    }

    override suspend fun keep(key: ByteArray): Boolean {
        if (!confirm()) return false
        if (!file.exists()) Files.createFile(file, OWNER_ONLY)
        file.writeBytes(key)
        return true
    }

    override suspend fun open(): DeviceLock.Opened = when {
        !file.exists() -> DeviceLock.Opened.Gone
        !confirm() -> DeviceLock.Opened.NotConfirmed
        else -> DeviceLock.Opened.Key(file.readBytes())
    }

    override fun forget() {
        file.deleteIfExists()
    }

    private companion object {
        val OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    }
}
