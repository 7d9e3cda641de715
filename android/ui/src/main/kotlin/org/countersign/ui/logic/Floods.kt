package org.countersign.ui.logic

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.FloodEvent
import org.countersign.ui.screens.Flooded

/** Accounts that more sign-ins are asked of than one person begins, and whether they are to be heard of. */
class Floods(private val session: Session) {
    private val flooded = MutableStateFlow(emptyList<Flooded>())

    val now: StateFlow<List<Flooded>> get() = flooded

    fun count() {
        flooded.value = session.core.floods(session.now()).mapNotNull { flood ->
            val account = session.readable(flood.account) ?: return@mapNotNull null
            Flooded(
                flood.account, account.issuer, account.name, flood.requests.toInt(), flood.minutes.toInt(),
                flood.quietUntil,
            )
        }
    }

    fun handle(event: AppEvent) {
        when (event) {
            is FloodEvent.BeQuiet -> session.core.beQuiet(event.account, session.now())
            is FloodEvent.EndQuiet -> session.core.endQuiet(event.account, session.now())
            else -> return
        }
        count()
    }
}
