package org.countersign.ui.screens

/** Adding an account, page by page. */
sealed interface AddState : ScreenState {
    /** Work or school, or another account. */
    data object ChooseKind : AddState

    /** Scan, picture, paste, type. [camera] is false on a device without one. */
    data class ChooseWay(val kind: AddKind, val camera: Boolean = true) : AddState

    /** The camera looks. [refusal] is what it saw last, if that can't be added. */
    data class Scan(val refusal: ReasonName? = null) : AddState

    /** The person or the system refused the camera; [settings]: only the system's settings can allow it. */
    data class CameraRefused(val settings: Boolean) : AddState

    data class Paste(val refusal: ReasonName? = null) : AddState

    data class TypeIn(val refusal: ReasonName? = null) : AddState

    /** A picture had several codes. */
    data class ChooseFound(val found: List<Found>) : AddState

    /** What was found, before it is added. */
    data class Confirm(val found: Found) : AddState

    /** What was found can't be added; [foreignHost]: where a code of another system points to. */
    data class CantAdd(val reason: ReasonName, val foreignHost: String? = null) : AddState {
        /** Whether it can be imported instead. */
        val isExport: Boolean get() = reason == ReasonName("google_export")
    }

    /** Is this the right server? Nothing has been sent to it. What the code calls the organisation proves nothing. */
    data class Trust(val server: Server, val organisation: String?, val system: String) : AddState

    /** The organisation's client id, where it is not known yet, and secret. [refused]: the last ones were not taken. */
    data class Client(val server: Server, val id: String?, val refused: Boolean) : AddState

    /** Credentials of an organisation. [replaces]: others are stored for it. */
    data class Organisation(val name: String?, val server: Server, val replaces: Boolean = false) : AddState

    /** A run goes on; it can't be called back from here. */
    data object Working : AddState

    /** "Let's try it out". */
    data class Added(
        val id: String,
        val issuer: String,
        val name: String,
        /** It was there already, and nothing was added. */
        val already: Boolean = false,
        val code: TimedCode? = null,
        val approvals: Boolean = false,
        /** Its sign-ins are scanned: there is nothing to look for. */
        val scanned: Boolean = false,
        /** What was odd in the code, in snake case, such as `secret_short`. */
        val odd: List<String> = emptyList(),
    ) : AddState

    data object OrganisationStored : AddState

    /** It was not done, or, where [unknown], whether it was done can't be known. */
    data class Failed(val reason: ReasonName, val unknown: Boolean = false) : AddState
}

enum class AddKind { WorkOrSchool, Other }

/** A recognised set-up code. [key] tells several apart. */
data class Found(
    val key: String,
    val issuer: String,
    val name: String,
    val approvals: Boolean,
    val odd: List<String> = emptyList(),
)

/** An account typed by hand; the secret is Base32. */
data class TypedAccount(
    val issuer: String,
    val name: String,
    val secret: Typed,
    val digits: Int = 6,
    val period: Int = 30,
    val algorithm: HashOf = HashOf.Sha1,
    /** Codes by use instead of by time. */
    val counter: Boolean = false,
)

/** The [common] ones are offered; the others come with accounts of other apps. */
enum class HashOf(val shown: String, val common: Boolean = true) {
    Sha1("SHA-1"), Sha256("SHA-256"), Sha512("SHA-512"),
    Sha224("SHA-224", common = false), Sha384("SHA-384", common = false), Md5("MD5", common = false),
}

sealed interface AddEvent : AppEvent {
    /** All accounts of another app at once. */
    data object FromAnotherApp : AddEvent

    data class KindChosen(val kind: AddKind) : AddEvent

    data object ScanWithCamera : AddEvent

    data object FromPicture : AddEvent

    data object PasteLink : AddEvent

    data object TypeItIn : AddEvent

    data object OpenSystemSettings : AddEvent

    /** The text of the clipboard into [Pasted]: the host reads it. */
    data object TakeClipboard : AddEvent

    data class Pasted(val text: Typed) : AddEvent

    data class TypedIn(val account: TypedAccount) : AddEvent

    data class FoundChosen(val key: String) : AddEvent

    /** Adds what was found, or begins its set-up. */
    data object AddFound : AddEvent

    data class TrustAnswered(val yes: Boolean) : AddEvent

    data class ClientTyped(val id: String, val secret: Typed) : AddEvent

    data object StoreOrganisation : AddEvent

    /** Again, from the choice of the way. */
    data object AnotherWay : AddEvent

    data object CopyCode : AddEvent

    /** Looks for the request of the try-out. */
    data object TryRequest : AddEvent

    data object Done : AddEvent
}
