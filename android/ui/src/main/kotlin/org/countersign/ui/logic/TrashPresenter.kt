package org.countersign.ui.logic

import org.countersign.core.Shelf
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.TrashEvent
import org.countersign.ui.screens.TrashRow
import org.countersign.ui.screens.TrashState

/** Accounts that were removed. */
class TrashPresenter(private val session: Session, navigator: Navigator) :
    Presenter<TrashState>(TrashState(read(session)), navigator, session.scope) {
    override fun handle(event: AppEvent) {
        when (event) {
            is TrashEvent.Restore -> {
                session.core.restore(event.id, session.now())
                shown = TrashState(read(session))
            }
            is TrashEvent.Purge -> shown = shown.copy(purging = shown.rows.find { it.id == event.id }, refusal = null)
            TrashEvent.PurgeConfirmed -> shown.purging?.let(::purge)
            TrashEvent.PurgeCancelled -> shown = shown.copy(purging = null)
            else -> Unit
        }
    }

    override fun back(): Boolean {
        if (shown.purging == null) return false
        shown = shown.copy(purging = null)
        return true
    }

    override fun refused(reason: ReasonName) {
        shown = TrashState(read(session), refusal = reason)
    }

    /** With the account its device keys go. */
    private fun purge(row: TrashRow) {
        val keys = session.core.purge(row.id, session.now())
        if (keys.isNotEmpty()) session.keys.delete(keys)
        shown = TrashState(read(session))
    }

    private companion object {
        fun read(session: Session) = session.core.accounts(Shelf.TRASH, session.now())
            .map { TrashRow(it.id, it.issuer, it.name, it.trashedAt ?: 0) }
    }
}
