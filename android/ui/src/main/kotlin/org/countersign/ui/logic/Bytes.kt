package org.countersign.ui.logic

import java.nio.ByteBuffer
import java.nio.CharBuffer
import org.countersign.ui.screens.Typed

/** Hands bytes to the core in memory that it can read, and wipes that afterwards; [bytes] itself stays as it is. */
inline fun <T> lent(bytes: ByteArray, use: (ByteBuffer) -> T): T {
    val buffer = ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
    try {
        return use(buffer)
    } finally {
        buffer.wipe()
    }
}

/** Hands what was typed to the core as UTF-8, and wipes it everywhere: it can be used once. */
inline fun <T> spent(typed: Typed, use: (ByteBuffer) -> T): T {
    val encoded = Charsets.UTF_8.encode(CharBuffer.wrap(typed.chars))
    val buffer = ByteBuffer.allocateDirect(encoded.remaining()).put(encoded).flip()
    try {
        return use(buffer)
    } finally {
        buffer.wipe()
        encoded.wipe()
        typed.wipe()
    }
}

fun ByteBuffer.wipe() {
    clear()
    while (hasRemaining()) put(0)
}
