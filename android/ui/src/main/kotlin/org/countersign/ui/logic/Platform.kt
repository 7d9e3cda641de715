package org.countersign.ui.logic

import org.countersign.core.Authenticator
import org.countersign.core.Event
import org.countersign.core.HttpRequest
import org.countersign.core.KeyRequest
import org.countersign.core.Now
import org.countersign.core.SignRequest
import org.countersign.ui.screens.DeviceFinding
import org.countersign.ui.screens.DeviceNeed
import org.countersign.ui.screens.Distributor
import org.countersign.ui.screens.KeyPlace

/** What the app needs of the system. Calls that are not `suspend` return soon, but for [Sender] and [Keys]. */
class Platform(
    /** Where the vault is, or will be. */
    val vault: String,
    val device: Device,
    val clocks: Clocks,
    val sender: Sender,
    /** The key store; one that keeps its keys in the vault is given that. */
    val keys: (Authenticator) -> Keys,
    val deviceLock: DeviceLock,
    val clipboard: Clipboard,
    val pictures: Pictures,
    val documents: Documents,
    val preferences: Preferences,
    val background: BackgroundChecks,
    val pushes: Pushes,
    /** A person left the first screen by the system's gesture. */
    val leave: () -> Unit,
)

/** The device and the version of the app. */
class Device(
    /** How it calls itself at a server, such as `Pixel 8`. */
    val label: String,
    /** `android` or `ios`, as servers know it. */
    val kind: String,
    val app: String,
    /** Name and version of the system, for a report. */
    val system: String,
    /** Whether servers on this machine may be spoken to without TLS: in test builds and on the desktop. */
    val allowPlainHttp: Boolean = false,
    /** Whether the system sets its clock by the network; null where it does not tell. */
    val automaticClock: () -> Boolean? = { null },
)

interface Clocks {
    /** Milliseconds since 1970 UTC. */
    fun wallMs(): Long

    /** Milliseconds of a clock that only grows, also while the device sleeps. */
    fun steadyMs(): Long

    fun now() = Now(wallMs().floorDiv(1_000L), steadyMs().toULong())
}

/** Sends one request and waits for its end. No redirect is followed, no cookie kept. */
fun interface Sender {
    fun send(request: HttpRequest): Event
}

/** Device keys. The events are those that the core waits for. */
interface Keys {
    fun create(request: KeyRequest): Event

    fun sign(request: SignRequest): Event

    fun delete(ids: List<String>)

    fun place(id: String): KeyPlace
}

/** The lock of the device: a fingerprint, a face, or the pattern or number that unlocks the screen. */
interface DeviceLock {
    /** Whether the person has set one up. */
    fun offered(): Boolean

    /** Is the person there? Asked right before an approval. */
    suspend fun confirm(): Boolean

    /** Keeps the bytes that open the vault, to be had back by [open] only. */
    suspend fun keep(key: ByteArray): Boolean

    /** Asks for the person and gives the bytes kept, or why not. */
    suspend fun open(): Opened

    fun forget()

    sealed interface Opened {
        class Key(val bytes: ByteArray) : Opened

        data object NotConfirmed : Opened

        /** The key that wrapped them is gone, as after a change of the device's lock. */
        data object Gone : Opened
    }
}

interface Clipboard {
    /** Puts a text there, marked as one that no keyboard and no preview shows. */
    fun put(text: String)

    /** Takes [text] away, if it is there still. */
    fun clear(text: String)

    fun text(): String?
}

interface Pictures {
    /** Null where the person chose none. */
    suspend fun choose(): ByteArray?

    fun hasCamera(): Boolean

    /** Asks for the camera, if the person has not allowed it before. */
    suspend fun camera(): Camera

    fun openSystemSettings()

    enum class Camera { Granted, Refused, RefusedForGood }
}

/** What is known without opening the vault. Nothing of it is secret. */
interface Preferences {
    fun get(name: String): String?

    fun put(name: String, value: String?)
}

/** Looking for requests while the app is not open. */
interface BackgroundChecks {
    /** Keeps the watch key, to look by it when a push comes, and [regularly] too. */
    fun start(watchKey: ByteArray, regularly: Boolean)

    fun stop()

    fun findings(): List<DeviceFinding>

    fun fix(need: DeviceNeed)
}

/**
 * Requests that arrive by themselves: another app, which the person chooses, receives pushes for this one. What comes
 * of it is told to [PushRecord], also while the app is not open, and then to [App].
 */
interface Pushes {
    fun distributors(): List<Distributor>

    /** Wants an address of this one, instead of any other. */
    fun register(distributor: String)

    fun unregister()
}
