package org.countersign.core

import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

/** Another process: holds the vault that its argument names for writing, until it is killed. */
object Holder {
    /** The byte of the shared memory file whose lock is the right to write (WAL-index format of SQLite, section 2.2.2). */
    private const val WRITE_LOCK = 120L

    @JvmStatic
    fun main(arguments: Array<String>) {
        FileChannel.open(Path.of("${arguments.single()}-shm"), READ, WRITE).use { file ->
            file.lock(WRITE_LOCK, 1, false)
            println()
            System.`in`.read()
        }
    }
}
