package org.countersign.ui.screens

/** Requests that arrive by themselves, brought by another app of the person's choice. */
data class PushFacts(
    /** The apps on this device that can bring them. */
    val distributors: List<Distributor>,
    /** The one that was chosen, which may be gone; null: off. */
    val chosen: String? = null,
    /** What came of that; null: off. */
    val standing: PushStanding? = null,
    /** Those that approve sign-ins. */
    val accounts: List<PushAccount> = emptyList(),
)

/** An app that receives pushes for others, as UnifiedPush calls it; [id] is the name of its package. */
data class Distributor(val id: String, val name: String)

/** How it stands with the app that brings pushes. */
enum class PushStanding {
    /** It has not answered yet. */
    Asked,

    /** It gave an address that servers can push to. */
    Works,

    /** It is not installed any more. */
    Gone,

    /** It has ended it by itself. */
    Unregistered,
    NoNetwork,

    /** It wants the person to do something in it first. */
    ActionRequired,

    /** It takes only pushes that the server signs (VAPID, RFC 8292). */
    KeyRequired,

    /** Any other failure of it. */
    Failed,

    /** For now it can bring nothing; it goes on by itself. */
    Unavailable,
}

/** An account that approves sign-ins, and whether its server pushes. */
data class PushAccount(val id: String, val issuer: String, val name: String, val told: PushTold)

sealed interface PushTold {
    /** The server knows what there is to know: the address, or that there is none. */
    data object Yes : PushTold

    /** It will be told as soon as there is an address, or that there is none any more. */
    data object NotYet : PushTold

    data class Failed(val reason: ReasonName) : PushTold

    /** [system] can't push to an app of the person's choice. */
    data class Unable(val system: String) : PushTold

    /** Its sign-ins are scanned: there is nothing that could arrive. */
    data object Scanned : PushTold
}

sealed interface PushEvent : SettingsEvent {
    /** By this app; null: not at all. */
    data class Choose(val distributor: String?) : PushEvent

    /** Asks the app for an address once more, and tells servers what they do not know yet. */
    data object Again : PushEvent
}
