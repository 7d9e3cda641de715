package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

class AccountsTest : NewVaultTest() {
    private fun names(shelf: Shelf = Shelf.IN_USE) = core.accounts(shelf, now()).map { it.name }

    @Test
    fun `added once, kept and found`() {
        val first = core.add(totp("alice"), now())
        assertTrue(first.added)
        assertEquals(Added(first.id, false, emptyList()), core.add(totp("alice"), now()))
        val other = core.add(totp("alice", "&digits=8"), now())
        assertTrue(other.added)
        val odd = core.add(recognise(direct("otpauth://totp/B:b?secret=GEZDGNBV")), now())
        assertEquals(listOf(Odd.SECRET_SHORT), odd.odd)
        val found = core.search("EXAMPLE ali", Shelf.IN_USE, now())
        assertEquals(setOf(first.id, other.id), found.map { it.id }.toSet())
        reopened().use { assertEquals(names(), it.accounts(Shelf.IN_USE, now()).map(Summary::name)) }
    }

    @Test
    fun `everything that is changed`() {
        val account = add()
        val second = add("bob")
        core.rename(account, "Example Ltd", "alice\u202e@example.com", now())
        core.setFavourite(account, true, now())
        core.setTags(account, listOf("work", "home", "work", ""), now())
        core.setNote(account, "a note", now())
        val details = core.details(account, now())
        val summary = core.summary(account, now())
        assertEquals("Example Ltd" to "alice@example.com", summary.issuer to summary.name)
        assertEquals(
            Triple(true, listOf("home", "work"), "a note"), Triple(summary.favourite, summary.tags, details.note),
        )
        assertTrue(summary.needsBackup && summary.trashedAt == null && details.addedAt <= details.changedAt)
        assertEquals(CodeDetails(CodeKind.Totp(30u), CodeAlgorithm.SHA1, 6u), details.codes)
        assertNull(details.approvals)
        core.setFavourite(account, false, now())
        core.moveBefore(second, account, now())
        assertEquals(listOf("bob", "alice@example.com"), names())
        core.moveBefore(second, null, now())
        assertEquals(listOf("alice@example.com", "bob"), names())
        assertRefused(Reason.VALUE_TOO_LARGE) { core.setNote(account, "x".repeat(1_000_000), now()) }
    }

    @Test
    fun trash() {
        val account = add()
        core.remove(account, now())
        assertEquals(emptyList<String>() to listOf("alice"), names() to names(Shelf.TRASH))
        core.restore(account, now())
        assertEquals(listOf("alice"), names())
        core.remove(account, now())
        assertEquals(emptyList(), core.purge(account, now()))
        val calls = listOf(core::summary, core::details, core::remove, core::restore, core::purge)
        for (call in calls) assertFailsWith<CountersignException.NoSuchAccount> { call(account, now()) }
    }

    @Test
    fun `a set-up code comes out only where asked for`() {
        val account = add()
        val text = core.setupText(account, now())
        assertTrue(SECRET in text.decodeToString())
        val again = recognise(direct(text))
        assertFalse(core.add(again, now()).added)
        val scanned = scanPicture(direct(core.setupPng(account, 4u, now()))).single()
        assertEquals(account, core.add(scanned, now()).id)
        assertTrue(core.setupSvg(account, now()).decodeToString().startsWith("<svg"))
        for (shown in listOf(again, scanned.describe(), core.details(account, now()), core.summary(account, now()))) {
            assertFalse(SECRET in shown.toString())
        }
    }

    @Test
    fun `codes of many`() {
        val byTime = add()
        val byUse = core.add(recognise(direct("otpauth://hotp/c?secret=$SECRET&counter=1")), now()).id
        val (codes, none) = core.codes(listOf(byTime, byUse), now(wall = 59))
        assertEquals(Triple("287082", 30L, 60L), Triple(codes?.current, codes?.validFrom, codes?.validUntil))
        assertEquals(codes?.next, core.codes(listOf(byTime), now(wall = 60)).single()?.current)
        assertNull(none)
        assertEquals(emptyList(), core.codes(emptyList(), now()))
        assertIs<CodeKind.Hotp>(core.details(byUse, now()).codes?.kind)
        assertRefused(Reason.SECRET_MISSING) { core.useCounter(byTime, now()) }
        assertFailsWith<CountersignException.NoSuchAccount> { core.codes(listOf("nobody"), now()) }
        for (wall in listOf(Long.MIN_VALUE, Long.MAX_VALUE)) core.codes(listOf(byTime), now(wall))
    }
}
