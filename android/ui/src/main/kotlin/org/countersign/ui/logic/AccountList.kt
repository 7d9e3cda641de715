package org.countersign.ui.logic

import kotlinx.coroutines.delay
import org.countersign.core.CountersignException
import org.countersign.core.Shelf
import org.countersign.core.Summary
import org.countersign.ui.screens.AccountRow
import org.countersign.ui.screens.CodesOf
import org.countersign.ui.screens.TimedCode

/** Reads the accounts for the list. */
internal class AccountList(private val session: Session) {
    /** How the codes of an account are made never changes. */
    private val kinds = mutableMapOf<String, CodesOf>()

    /** Of accounts that approve sign-ins: whether there is anything to look for. Nor does that change. */
    private val lookedAt = mutableMapOf<String, Boolean>()

    class Read(
        val rows: List<AccountRow>,
        val any: Boolean,
        val tags: List<String>,
        val canLook: Boolean,
        val trashed: Int,
    )

    /** What [query] and [tag] leave. */
    fun read(query: String, tag: String?): Read {
        val now = session.now()
        val all = session.core.accounts(Shelf.IN_USE, now)
        val found = if (query.isBlank()) all else session.core.search(query, Shelf.IN_USE, now)
        learn(all)
        val tags = all.flatMap { it.tags }.distinct().sorted()
        return Read(
            rows = found.filter { tag == null || tag !in tags || tag in it.tags }.map(::row),
            any = all.isNotEmpty(),
            tags = tags,
            canLook = all.any { it.approvals && isLookedAt(it.id) },
            trashed = session.core.accounts(Shelf.TRASH, now).size,
        )
    }

    /** The codes by time of these accounts. */
    fun codes(ids: List<String>): Map<String, TimedCode> =
        ids.zip(session.core.codes(ids, session.now()))
            .mapNotNull { (id, codes) -> codes?.let { id to it.shown() } }.toMap()

    fun tag(id: String, tag: String) {
        val tags = session.core.summary(id, session.now()).tags
        session.core.setTags(id, tags + tag, session.now())
    }

    /** An account that has codes, but none by time, has codes by use. */
    private fun learn(all: List<Summary>) {
        val new = all.filter { it.id !in kinds }
        val withCodes = new.filter { it.codes }.map { it.id }
        new.filterNot { it.codes }.associateTo(kinds) { it.id to CodesOf.Nothing }
        withCodes.zip(session.core.codes(withCodes, session.now())).associateTo(kinds) { (id, codes) ->
            id to if (codes == null) CodesOf.Counter else CodesOf.Time
        }
    }

    /** One that can't be read is looked at: the look says so. */
    private fun isLookedAt(id: String) = lookedAt.getOrPut(id) {
        try {
            session.core.details(id, session.now()).approvals?.can?.look == true
        } catch (_: CountersignException.Unreadable) {
            true
        }
    }

    private fun row(summary: Summary) = AccountRow(
        id = summary.id,
        issuer = summary.issuer,
        name = summary.name,
        codes = kinds.getValue(summary.id),
        approvals = summary.approvals,
        favourite = summary.favourite,
        tags = summary.tags,
    )
}

/** Until the period of a code is over at [validUntil]; never much longer than a period: somebody may set the clock. */
internal suspend fun Session.untilOver(validUntil: Long) =
    delay((validUntil * 1_000 - platform.clocks.wallMs()).coerceIn(1, LONGEST_PAUSE_MS))

private const val LONGEST_PAUSE_MS = 30_000L
