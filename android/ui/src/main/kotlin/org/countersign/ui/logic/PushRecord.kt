package org.countersign.ui.logic

import org.countersign.ui.screens.PushStanding

/**
 * What is known of pushes without opening the vault: the address may change while it is closed. Whoever learns the
 * address can wake this app, and no more.
 */
class PushRecord(private val preferences: Preferences) {
    /** The app that was chosen to bring pushes; null: off. */
    val distributor: String? get() = preferences.get(DISTRIBUTOR)

    /** Null where pushes are off. */
    val standing: PushStanding?
        get() = distributor?.let {
            PushStanding.entries.firstOrNull { it.name == preferences.get(STANDING) } ?: PushStanding.Asked
        }

    /** Where servers are to push to; null: nowhere. */
    val endpoint: String? get() = preferences.get(ENDPOINT).takeIf { distributor != null }

    /** By account, the address that its server was told; [UNSURE] where that did not come to its end. */
    val told: Map<String, String>
        get() = preferences.get(TOLD).orEmpty().lines().mapNotNull { line ->
            line.split(' ', limit = 2).takeIf { it.size == 2 }?.let { (account, endpoint) -> account to endpoint }
        }.toMap()

    /** Off, but the app that brought pushes was not told yet. */
    val isLeaving: Boolean get() = preferences.get(LEAVING) != null && distributor == null

    /** One that is asked again keeps the address that it gave. */
    fun asked(distributor: String) = synchronized(changes) {
        preferences.put(LEAVING, null)
        if (distributor != this.distributor) preferences.put(ENDPOINT, null)
        preferences.put(DISTRIBUTOR, distributor)
        preferences.put(STANDING, (if (endpoint == null) PushStanding.Asked else PushStanding.Works).name)
    }

    /** The app gave an address. One that no server could use counts as a failure. */
    fun arrived(endpoint: String): Unit = synchronized(changes) {
        if (distributor == null) return
        if (!isUsable(endpoint)) return failed(PushStanding.Failed)
        preferences.put(ENDPOINT, endpoint)
        preferences.put(STANDING, PushStanding.Works.name)
    }

    fun failed(standing: PushStanding): Unit = synchronized(changes) {
        if (distributor == null) return
        if (standing == PushStanding.Unregistered || standing == PushStanding.Gone) preferences.put(ENDPOINT, null)
        preferences.put(STANDING, standing.name)
    }

    fun off() = synchronized(changes) {
        preferences.put(LEAVING, true.toString())
        listOf(DISTRIBUTOR, STANDING, ENDPOINT).forEach { preferences.put(it, null) }
    }

    fun left() = preferences.put(LEAVING, null)

    /** [endpoint] null: it knows of none. */
    fun told(account: String, endpoint: String?) = keep(told - account + listOfNotNull(endpoint).map { account to it })

    /** What was told of accounts that are gone is of no use. */
    fun keepOnly(accounts: Set<String>) {
        val told = told
        if (!accounts.containsAll(told.keys)) keep(told.filterKeys(accounts::contains))
    }

    private fun keep(told: Map<String, String>) =
        preferences.put(TOLD, told.entries.joinToString("\n") { "${it.key} ${it.value}" }.ifEmpty { null })

    /** The app that brings it is any app: nothing is put together with it, and servers take no more than so much. */
    private fun isUsable(endpoint: String) =
        endpoint.length <= LONGEST && endpoint.startsWith("https://") && endpoint.all { it in '!'..'~' }

    companion object {
        const val UNSURE = "?"

        /** The app that is open and the one that receives have a record each, and threads of their own. */
        private val changes = Any()

        /** What Keycloak's extension takes as `pushProviderId`. */
        private const val LONGEST = 2_048
        private const val DISTRIBUTOR = "push_distributor"
        private const val STANDING = "push_standing"
        private const val ENDPOINT = "push_endpoint"
        private const val TOLD = "push_told"
        private const val LEAVING = "push_leaving"
    }
}
