package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.core.AnswerKind
import org.countersign.core.Request
import org.countersign.core.SeenRequest
import org.countersign.core.Summary

class FactsTest {
    private val account = Summary("id", "Example", "alice", false, true, false, emptyList(), null, false)

    private fun shown(name: String, askedAt: Long?, seenAt: Long?, of: Summary? = account) = SeenRequest(
        "id", Request("1", "Mail", name, "", askedAt, seenAt, 220, AnswerKind.Confirmation, false, null),
    ).shown(of)

    @Test
    fun `a request that was asked, seen or scanned is told as such, with the account of this phone`() {
        val asked = shown("alice@example", 100, null)
        assertEquals(listOf("Example · alice · alice@example", 100L, null), asked.run { listOf(account, askedAt, seenAt) })
        val seen = shown("", null, 100)
        assertEquals(listOf("Example · alice", null, 100L), seen.run { listOf(account, askedAt, seenAt) })
        assertEquals(null to null, shown("alice", null, null).run { askedAt to seenAt })
    }

    @Test
    fun `an account is called as the person calls it, and as the server does where that is not the same`() {
        fun called(name: String, of: Summary?) = shown(name, null, null, of).account
        assertEquals("Example · alice", called("alice", account))
        assertEquals("Office · me · alice", called("alice", account.copy(issuer = "Office", name = "me")))
        assertEquals("alice", called("alice", of = null))
    }
}
