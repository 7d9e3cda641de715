package org.countersign.ui.screens

/** Accounts that were removed: they make no codes until they are put back. */
data class TrashState(val rows: List<TrashRow>, val purging: TrashRow? = null, val refusal: ReasonName? = null) :
    ScreenState

/** [trashedAt] in seconds since 1970 UTC. */
data class TrashRow(val id: String, val issuer: String, val name: String, val trashedAt: Long)

sealed interface TrashEvent : AppEvent {
    data class Restore(val id: String) : TrashEvent

    /** Asks first: [TrashState.purging]. */
    data class Purge(val id: String) : TrashEvent

    data object PurgeConfirmed : TrashEvent

    data object PurgeCancelled : TrashEvent
}
