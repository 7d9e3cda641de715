package org.countersign.core

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.writeBytes
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

class VaultTest : NewVaultTest() {
    @Test
    fun `a recovery code is shown once and opens`() {
        val code = checkNotNull(created.recoveryCode)
        val text = code.text()
        val groups = text.decodeToString().split('-')
        assertEquals(8, groups.size)
        groups.forEachIndexed { at, group -> assertTrue(code.hasGroup((at + 1).toUInt(), direct(group))) }
        assertFalse(code.hasGroup(1u, direct("none")) || code.hasGroup(0u, direct(byteArrayOf(-1))))
        assertFalse(code.hasGroup(UInt.MAX_VALUE, direct(groups[0])))
        assertTrue(core.checkRecoveryCode(direct(text)))
        Authenticator.open(path).use {
            assertIs<Finding.Clean>(it.unlock(it.openByRecoveryCode(direct(text)), null, now()))
        }
        val new = core.newRecoveryCode(now())
        assertFalse(core.checkRecoveryCode(direct(text)))
        assertTrue(core.checkRecoveryCode(direct(new.text())))
    }

    @Test
    fun `every mistake of a recovery code`() {
        val text = checkNotNull(created.recoveryCode).text().decodeToString()
        val other = createWithPlatform(folder.resolve("other.db").toString(), direct(KEY), now()).used {
            checkNotNull(it.recoveryCode).text()
        }
        val changed = (if (text[0] == '2') "3" else "2") + text.drop(1)
        for ((typed, mistake) in listOf(
            ByteArray(0) to CodeMistake.Length(0u),
            byteArrayOf(-1, -2) to CodeMistake.Length(0u),
            "!${text.drop(1)}".toByteArray() to CodeMistake.Symbol(1u),
            changed.toByteArray() to CodeMistake.Check,
            other to CodeMistake.Other,
        )) {
            val refused = assertFailsWith<CountersignException.WrongRecoveryCode> { core.openByRecoveryCode(direct(typed)) }
            assertEquals(mistake, refused.mistake)
        }
    }

    @Test
    fun `a password`() {
        val path = folder.resolve("with-password.db").toString()
        val made = createWithPassword(path, direct(PASSWORD), false, now())
        assertNull(made.recoveryCode)
        val core = made.authenticator
        assertEquals(listOf(Way.PLATFORM, Way.RECOVERY), this.core.ways())
        assertEquals(listOf(Way.PASSWORD), core.ways())
        assertFailsWith<CountersignException.WrongPassword> { core.openByPassword(direct("another")) }
        assertRefused(Reason.NO_SUCH_WAY) { core.openByPlatform(direct(KEY)) }
        assertRefused(Reason.NO_WAY_BACK) { core.setPassword(direct(""), now()) }
        assertRefused(Reason.VALUE_TOO_LARGE) { core.setPassword(direct("x".repeat(2_000)), now()) }
        assertRefused(Reason.NO_WAY_BACK) { core.removeWay(Way.PASSWORD, now()) }
        core.setPassword(direct("another"), now())
        assertFailsWith<CountersignException.WrongPassword> { core.openByPassword(direct(PASSWORD)) }
        core.lock()
        core.unlock(core.openByPassword(direct("another")), null, now())
        core.setPlatform(direct(KEY), now())
        core.removeWay(Way.PLATFORM, now())
        assertEquals(listOf(Way.PASSWORD), core.ways())
        assertRefused(Reason.NO_WAY_BACK) { createWithPassword("${path}2", direct(""), true, now()) }
        made.destroy()
    }

    @Test
    fun locking() {
        val account = add()
        val start = now()
        core.touch(start)
        assertNull(core.lockAt())
        core.setGrace(1_000u)
        core.touch(start)
        assertEquals(start.steadyMs + 1_000u, core.lockAt())
        val late = now(steadyMs = start.steadyMs + 1_000u)
        assertFalse(core.isLocked(start))
        assertTrue(core.isLocked(late))
        val opened = core.openByPlatform(direct(KEY))
        for (call in listOf<() -> Unit>(
            { core.head() },
            { core.touch(late) },
            { core.accounts(Shelf.IN_USE, late) },
            { core.search("x", Shelf.IN_USE, late) },
            { core.codes(listOf(account), late) },
            { core.details(account, late) },
            { core.rename(account, "a", "b", late) },
            { core.watchKey(late) },
            { core.begin(Job.Check(account), late) },
            { core.unfinished(late) },
            { core.setPlatform(direct(ByteArray(32)), late) },
            { core.newRecoveryCode(late) },
            { core.add(totp("a"), late) },
        )) assertFailsWith<CountersignException.Locked> { call() }
        core.unlock(opened, null, late)
        assertFalse(core.isLocked(late))
        // Threads call in another order than they read the clock; another start of the device is further back.
        assertFalse(core.isLocked(start))
        assertTrue(core.isLocked(now(steadyMs = late.steadyMs - minOf(late.steadyMs, 120_000u))))
    }

    @Test
    fun `an older copy is noticed`() {
        add()
        core.lock()
        val copy = Files.copy(Path.of(path), folder.resolve("copy.db"))
        val newer = reopened()
        newer.add(totp("bob"), now())
        val head = newer.head()
        val older = Authenticator.open(copy.toString())
        assertEquals(newer.vaultId(), older.vaultId())
        val opened = older.openByPlatform(direct(KEY))
        val finding = assertIs<Finding.RolledBack>(older.unlock(opened, head, now()))
        assertTrue(finding.found.generation < head.generation)
        assertTrue(older.isLocked(now()))
        assertIs<Finding.Clean>(older.unlockOlder(opened, head, now()))
        assertTrue(older.head().generation > head.generation)
        assertFailsWith<CountersignException.WrongLength> { older.unlock(opened, Head(1u, byteArrayOf(1)), now()) }
        listOf(newer, older).forEach { it.close() }
    }

    @Test
    fun `bytes of the wrong length`() {
        for (call in listOf<() -> Unit>(
            { core.openByPlatform(direct("short")) },
            { core.setPlatform(direct(""), now()) },
            { createWithPlatform("${path}2", direct(ByteArray(33)), now()) },
            { Background.open(path, direct("")) },
        )) assertFailsWith<CountersignException.WrongLength> { call() }
        assertFalse(Path.of("${path}2").exists())
    }

    @Test
    fun `keys of another vault`() {
        assertFailsWith<CountersignException.PlatformKeyGone> { core.openByPlatform(direct(ByteArray(32))) }
        fun assertOld(key: ByteArray) =
            assertFailsWith<CountersignException.WrongWatchKey> { Background.open(path, direct(key)) }
        assertOld(ByteArray(32))
        val first = core.watchKey(now())
        core.setPlatform(direct(ByteArray(32)), now())
        assertOld(first)
        val second = core.watchKey(now())
        core.renewWatch(now())
        assertOld(second)
        assertEquals(emptyList(), core.verify(now()))
    }

    @Test
    fun `files that are no vault`() {
        assertFailsWith<CountersignException.VaultExists> { createWithPlatform(path, direct(KEY), now()) }
        val nowhere = folder.resolve("none/vault.db").toString()
        assertFailsWith<CountersignException.NoVault> { Authenticator.open(nowhere) }
        assertFailsWith<CountersignException.NoVault> { createWithPlatform(nowhere, direct(KEY), now()) }
        for (content in listOf("", "x".repeat(5_000), "SQLite format 3\u0000" + "\u0000".repeat(5_000))) {
            val file = folder.resolve("other.db").also { it.writeBytes(content.toByteArray()) }
            val refused = assertFailsWith<CountersignException.Unreadable> { Authenticator.open(file.toString()) }
            assertTrue(refused.reason in setOf(Reason.NOT_A_VAULT, Reason.VAULT_DAMAGED))
        }
    }

    @Test
    fun `a newer vault`() {
        core.lock()
        val newer = Files.copy(Path.of(path), folder.resolve("newer.db"))
        // `user_version` in the header of an SQLite file.
        java.io.RandomAccessFile(newer.toFile(), "rw").use {
            it.seek(60)
            val version = it.readInt()
            it.seek(60)
            it.writeInt(version + 1)
        }
        val refused = assertFailsWith<CountersignException.Unreadable> { Authenticator.open(newer.toString()) }
        assertEquals(Reason.NEWER_VERSION, refused.reason)
    }

    @Test
    fun `a place that can't be written`() {
        val tooLong = folder.resolve("x".repeat(300)).toString()
        val refused = assertFailsWith<CountersignException.NotWritten> { createWithPlatform(tooLong, direct(KEY), now()) }
        assertEquals(Reason.SYSTEM_FAILED, refused.reason)
    }

    @Test
    fun `another process that writes`() {
        val account = add()
        val holder = Holder.of(path)
        assertFailsWith<CountersignException.InUse> { core.rename(account, "a", "b", now()) }
        holder.destroyForcibly().waitFor()
        core.rename(account, "a", "b", now())
    }

    @Test
    fun `rows of the app`() {
        val key = ByteArray(32) { 7 }
        assertNull(core.hostRow("key-1", now()))
        core.putHostRow("key-1", direct(key), now())
        reopened().use { assertContentEquals(key, it.hostRow("key-1", now())) }
        core.removeHostRows(listOf("key-1", "key-2"), now())
        assertNull(core.hostRow("key-1", now()))
        assertRefused(Reason.VALUE_TOO_LARGE) { core.putHostRow("key-1", direct(ByteArray(200_000)), now()) }
    }

    @Test
    fun `no text of an error tells a secret`() {
        val refused = assertFailsWith<CountersignException> { core.openByRecoveryCode(direct("hunter2 hunter2")) }
        assertFalse("hunter2" in "$refused ${refused.message}")
    }
}

private fun <R> Created.used(block: (Created) -> R): R = try { block(this) } finally { destroy() }
