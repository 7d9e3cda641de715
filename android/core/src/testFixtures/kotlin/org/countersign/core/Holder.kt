package org.countersign.core

import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

/** Another process: holds the vault that its argument names for writing, until it is killed. */
object Holder {
    /** The byte of the shared memory file whose lock is the right to write (WAL-index format of SQLite, section 2.2.2). */
    private const val WRITE_LOCK = 120L

    /** Holds it in a process of its own, as locks of files are a process's own; until that is destroyed. */
    fun of(vault: String): Process {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val holder = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Holder::class.java.name, vault)
        return holder.start().also { it.inputReader().readLine() }
    }

    @JvmStatic
    fun main(arguments: Array<String>) {
        FileChannel.open(Path.of("${arguments.single()}-shm"), READ, WRITE).use { file ->
            file.lock(WRITE_LOCK, 1, false)
            println()
            System.`in`.read()
        }
    }
}
