package org.countersign.ui.logic

import java.lang.reflect.Proxy
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.countersign.core.Authenticator
import org.countersign.core.Event
import org.countersign.core.HttpRequest
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.DeviceFinding
import org.countersign.ui.screens.DeviceNeed
import org.countersign.ui.screens.Distributor
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.Leftover
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.screens.Typed
import org.junit.jupiter.api.io.TempDir

const val PASSWORD = "correct horse battery staple"
const val SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

/** Each test has a folder of its own. */
abstract class PhoneTest {
    @TempDir lateinit var folder: Path

    /** Whether time goes by in between as well, see [PlayedClocks]. */
    protected open val timeGoes = false

    /** Passwords are derived as slowly as on a phone: a machine with other work takes its time. */
    fun phone(test: Phone.() -> Unit) = runTest(timeout = 10.minutes) { Phone(this, folder, timeGoes).test() }

    /** A phone that is past its first run, with a password and the list of accounts on screen. */
    fun ready(test: Phone.() -> Unit) = phone {
        firstRun()
        test()
    }
}

/**
 * The app on a phone with the real core, real HTTP and software keys; only hardware and people are played. Nothing waits
 * in real time: what is to happen later happens in [pass].
 */
@OptIn(ExperimentalCoroutinesApi::class)
class Phone(private val test: TestScope, private val folder: Path, timeGoes: Boolean) {
    val clocks = PlayedClocks(timeGoes) { test.testScheduler.currentTime }
    val deviceLock = PlayedLock()
    val clipboard = PlayedClipboard()
    val preferences = mutableMapOf<String, String>()
    val background = PlayedBackground()
    val pushes = PlayedPushes()
    val pictures = PlayedPictures()
    val documents = PlayedDocuments(folder.resolve("documents"))
    var online = true

    /** At this request the app is killed: when it was sent, or, where it does not arrive, before. */
    var lastBreath: (HttpRequest) -> Boolean = { false }
    var lastArrives = true
    val sent = mutableListOf<String>()

    /** What arrived at servers about pushes, as it was sent. */
    val pushAddresses = mutableListOf<String>()

    /** What happens between a reply and its arrival. */
    var replied: () -> Unit = {}

    /** What a reply to a request has become when it arrives. */
    var changed: (HttpRequest, Event) -> Event = { _, reply -> reply }
    var left = false
    val vault: Path = folder.resolve("vault.db")
    var app = start()
        private set

    /** Another process: the app was killed and is started anew, after the time in which the old one counts as alive. */
    fun killed() {
        lastBreath = { false }
        clocks.aheadMs += 121_000
        app = start()
    }

    fun on(vararg events: AppEvent) = events.forEach {
        app.on(it)
        test.runCurrent()
    }

    fun pass(ms: Long) {
        test.advanceTimeBy(ms)
        test.runCurrent()
    }

    fun perform(work: App.() -> Unit) {
        app.work()
        test.runCurrent()
    }

    /** Every screen from now on, as far as each was seen. */
    fun watched(): List<ScreenState> = mutableListOf<ScreenState>().also { seen ->
        test.backgroundScope.launch { app.state.collect { it?.run { seen += screen } } }
        test.runCurrent()
    }

    inline fun <reified S : ScreenState> screen(): S = assertIs<S>(app.state.value?.screen)

    fun firstRun() = firstRunBy(FirstRunEvent.UsePassword, FirstRunEvent.PasswordChosen(Typed(PASSWORD)))

    fun firstRunBy(vararg way: AppEvent) {
        on(FirstRunEvent.Begin, *way)
        val groups = screen<FirstRunState.WriteDown>().groups
        on(FirstRunEvent.WrittenDown)
        val asked = screen<FirstRunState.CheckGroup>().group
        on(FirstRunEvent.GroupTyped(Typed(groups[asked - 1].text)), FirstRunEvent.NoBackupNow, FirstRunEvent.Finish)
    }

    /** Adds an account for codes, and returns to the list. */
    fun add(name: String, parameters: String = ""): String {
        perform { opened(Typed("otpauth://totp/Example:$name?secret=$SECRET&issuer=Example$parameters")) }
        on(AddEvent.AddFound)
        return screen<AddState.Added>().id.also { on(AddEvent.Done) }
    }

    /** What a core that was opened beside the app, and unlocked, goes on with; and the keys that it deletes. */
    fun goOn(core: Authenticator): Pair<List<Leftover?>, List<String>> {
        val (told, deleted) = mutableListOf<Leftover?>() to mutableListOf<String>()
        val software = SoftwareKeys(core, clocks)
        val keys = object : Keys by software {
            override fun delete(ids: List<String>) = software.delete(ids).also { deleted += ids }
        }
        val session = session(core, keys)
        session.scope.launch { session.goOn(told::add) }
        test.runCurrent()
        return told to deleted
    }

    /** Around a core that was opened beside the app, and unlocked. */
    fun session(core: Authenticator, keys: Keys = SoftwareKeys(core, clocks)): Session {
        // As in the app: what fails in it fails alone.
        val scope = test.backgroundScope.let { it + SupervisorJob(it.coroutineContext[Job]) }
        return Session(core, platform { keys }, scope, scope, dispatcher, CopiedCode(clipboard, scope))
    }

    /** What another process does with the same vault. */
    fun goBeside(change: (Authenticator) -> Unit) = Authenticator.open(vault.toString()).use { core ->
        core.unlock(lent(PASSWORD.toByteArray(), core::openByPassword), null, clocks.now())
        change(core)
    }

    private val dispatcher get() = StandardTestDispatcher(test.testScheduler)

    private fun start() = App(platform(), test.backgroundScope, dispatcher).also { test.runCurrent() }

    private fun platform(keys: (Authenticator) -> Keys = { SoftwareKeys(it, clocks) }): Platform {
        val http = HttpSender { online }
        return Platform(
            vault = vault.toString(),
            device = Device("Test phone", "android", "1.0", "a test", allowPlainHttp = true),
            clocks = clocks,
            sender = { request ->
                val isLast = lastBreath(request)
                if (isLast && !lastArrives) throw CancellationException("killed")
                sent += request.url
                if (online && request.url.endsWith("/device/push-provider")) pushAddresses += request.body!!.decodeToString()
                changed(request, http.send(request)).also {
                    if (isLast) throw CancellationException("killed")
                    replied()
                }
            },
            keys = keys,
            deviceLock = deviceLock,
            clipboard = clipboard,
            pictures = pictures,
            documents = documents,
            preferences = PreferencesIn(preferences),
            background = background,
            pushes = pushes,
            leave = { left = true },
        )
    }
}

/**
 * A time that begins in the middle of a period of codes and is what has [passed] since, however long the machine takes.
 * Where it [goes], it is the real one and what has passed without it: a server has no other.
 */
class PlayedClocks(private val goes: Boolean = false, private val passed: () -> Long = { 0 }) : Clocks {
    var aheadMs = 0L

    /** At each look so much time has gone by since the one before. */
    var lookMs = 0L
    private var lookedMs = 0L

    override fun wallMs() = (if (goes) System.currentTimeMillis() else MORNING_MS) + aheadMs + passed()

    override fun steadyMs(): Long {
        lookedMs += lookMs
        return (if (goes) TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) else 0) + aheadMs + lookedMs + passed()
    }

    private companion object {
        /** 2026-11-24 09:30:12 UTC. */
        const val MORNING_MS = 1_795_512_612_000L
    }
}

class PlayedLock : DeviceLock {
    var offered = false
    var there = true
    var kept: ByteArray? = null
    var asked = 0

    override fun offered() = offered

    override suspend fun confirm() = there.also { asked++ }

    override suspend fun keep(key: ByteArray) = there.also { if (it) kept = key.copyOf() }

    override suspend fun open(): DeviceLock.Opened {
        asked++
        if (!there) return DeviceLock.Opened.NotConfirmed
        return kept?.let { DeviceLock.Opened.Key(it.copyOf()) } ?: DeviceLock.Opened.Gone
    }

    override fun forget() {
        kept = null
    }
}

class PlayedClipboard : Clipboard {
    var text: String? = null

    override fun put(text: String) {
        this.text = text
    }

    override fun clear(text: String) {
        if (this.text == text) this.text = null
    }

    override fun text() = text
}

class PlayedPictures : Pictures {
    var chosen: ByteArray? = null
    var camera = Pictures.Camera.Granted
    var settingsOpened = false

    override suspend fun choose() = chosen

    override fun hasCamera() = true

    override suspend fun camera() = camera

    override fun openSystemSettings() {
        settingsOpened = true
    }
}

class PlayedBackground : BackgroundChecks {
    var key: ByteArray? = null
    var regularly = false

    override fun start(watchKey: ByteArray, regularly: Boolean) {
        key = watchKey.copyOf()
        this.regularly = regularly
    }

    override fun stop() {
        key = null
    }

    override fun findings() = listOf(DeviceFinding(DeviceNeed.Notifications, ok = true))

    override fun fix(need: DeviceNeed) = Unit
}

class PlayedPushes : Pushes {
    var installed = listOf<Distributor>()

    /** What it was asked for, in this order: the id of an app, or null for an end. */
    val asked = mutableListOf<String?>()

    override fun distributors() = installed

    override fun register(distributor: String) {
        asked += distributor
    }

    override fun unregister() {
        asked += null
    }
}

class PreferencesIn(private val map: MutableMap<String, String>) : Preferences {
    override fun get(name: String) = map[name]

    override fun put(name: String, value: String?) {
        if (value == null) map.remove(name) else map[name] = value
    }
}

/** For a screen by itself: it leads nowhere; what is refused there, nobody counts. */
val nowhere = Proxy.newProxyInstance(Navigator::class.java.classLoader, arrayOf(Navigator::class.java)) { _, way, _ ->
    if (way.name.startsWith("failed")) null else error("it went to $way")
} as Navigator
