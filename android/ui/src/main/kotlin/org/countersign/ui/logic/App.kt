package org.countersign.ui.logic

import java.nio.ByteBuffer
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Reason
import org.countersign.core.recognise
import org.countersign.core.scanFrame
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.AppState
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

/**
 * The whole app without its looks: one state, and what comes from outside.
 *
 * Everything is done in [scope], which runs one thing at a time and need not be the thread that draws; [blocking] is
 * for what takes long. The functions may be called from any thread.
 */
class App(private val platform: Platform, private val scope: CoroutineScope, private val blocking: CoroutineContext) {
    private val choices = Choices(platform.preferences)
    private val language = MutableStateFlow(choices.language)
    internal val screens = ScreenStack()
    private val navigator = Ways()
    private val copied = CopiedCode(platform.clipboard, scope)

    /** The open vault, between unlocking and locking. */
    private var room: Room? = null

    /** What came while the vault was locked, and waits for it. */
    private var next: Place? = null
    private var locking: Job? = null
    private var isSeen = false

    /** Null until the vault's file was looked for. */
    val state: StateFlow<AppState?> =
        combine(screens.state, language, ::AppState).stateIn(scope, SharingStarted.Eagerly, null)

    init {
        scope.launch { navigator.restart() }
        // What a screen shows has mostly changed when the vault has.
        scope.launch {
            state.collect {
                room?.backups?.changed()
                room?.addresses?.changed()
            }
        }
    }

    /** A person did something. */
    fun on(event: AppEvent) = serially {
        when (event) {
            AppEvent.Back -> if (!screens.top.back() && !screens.pop()) platform.leave()
            AppEvent.Touched -> room?.session?.run { core.touch(now()) }
            else -> screens.top.on(event)
        }
        keepHead()
    }

    /** A link, or a text that another app shared. */
    fun opened(text: Typed) = serially {
        val export = TextFile(text)
        val scanned = lent(export.content, ::recognise)
        val about = scanned.describe()
        goTo(
            when {
                about.refusal == Reason.GOOGLE_EXPORT -> Place.Import(listOf(export))
                about.kind == LOOK_NOW -> Place.Requests(samePhone = true)
                else -> Place.Add(scanned)
            },
        )
        if (about.refusal != Reason.GOOGLE_EXPORT) export.content.fill(0)
    }

    /** Files that another app shared. */
    fun opened(files: List<Document>) = serially { goTo(Place.Import(files)) }

    /** A notification of a sign-in that waits. */
    fun openedRequests() = serially { goTo(Place.Requests()) }

    /**
     * A push came: where the app is seen and open, it looks. Else it is [elsewhere] that does: called at once, or when
     * the app is left, locked or ended before its look has begun. [settled] is called once in any case, when the app
     * knows of the push, after an [elsewhere] at once.
     */
    fun pushed(elsewhere: () -> Unit, settled: () -> Unit) {
        var taken = false
        scope.launch {
            val looker = room?.looker?.takeIf { isSeen }
            looker?.pushed(elsewhere)
            taken = looker != null
        }.invokeOnCompletion {
            try {
                if (!taken) elsewhere()
            } finally {
                settled()
            }
        }
    }

    /** The app that brings pushes has said something, which is in [PushRecord]. */
    fun pushesChanged() = serially { room?.addresses?.settle() }

    /**
     * A frame of the camera: brightness by pixel, rows [stride] bytes apart. It is read before this returns, on the
     * caller's thread, and only while somebody wants to scan.
     */
    fun frame(luma: ByteBuffer, width: Int, height: Int, stride: Int) {
        val adding = screens.top as? AddPresenter ?: return
        if (adding.state.value !is AddState.Scan) return
        try {
            val codes = scanFrame(luma, width.toUInt(), height.toUInt(), stride.toUInt())
            serially { adding.saw(codes) }
        } catch (error: CountersignException.Refused) {
            // Most frames have no code: nothing to speak of.
            if (error.reason != Reason.NO_CODE_IN_PICTURE) serially { adding.saw(error.reason) }
        }
    }

    /** The app is no longer seen: from now on the grace time runs. */
    fun left() = serially {
        isSeen = false
        val session = room?.session ?: return@serially
        screens.top.covered()
        room?.backups?.hurry()
        room?.looker?.unseen()
        val grace = choices.grace.ms ?: return@serially
        session.core.touch(session.now())
        session.core.setGrace(grace.toULong())
        locking = scope.launch {
            delay(grace)
            navigator.lock()
        }
    }

    /** It is seen again. */
    fun returned() = serially {
        isSeen = true
        locking?.cancel()
        val session = room?.session ?: return@serially
        if (session.core.isLocked(session.now())) return@serially navigator.lock()
        session.core.setGrace(null)
        room?.looker?.seen()
        screens.top.entered()
    }

    /** Ends everything; the vault is locked, and no code of it stays on the clipboard. */
    fun close() {
        copied.clear()
        room?.session?.close()
        screens.close()
        scope.cancel()
    }

    private fun serially(work: () -> Unit) {
        scope.launch {
            try {
                work()
            } catch (_: CountersignException.Locked) {
                navigator.lock()
            }
        }
    }

    private fun goTo(place: Place) {
        val room = room
        if (room == null) {
            next = place
            if (place is Place.Requests) (screens.top as? UnlockPresenter)?.requestWaits()
        } else {
            if (place is Place.Requests) {
                room.looker.lookNow()
                // What comes meanwhile stands beside the one that is under way.
                if ((screens.top as? RequestsPresenter)?.isBusy() == true) return
            }
            navigator.home(place)
        }
    }

    private fun keepHead() {
        room?.session?.run { Heads.keep(core, platform.preferences) }
    }

    /** What an app that was killed left unfinished comes to its end, and is shown. */
    private suspend fun goOn(room: Room, accounts: AccountsPresenter) {
        try {
            room.session.goOn { end ->
                end?.let(accounts::tell)
                room.looker.remember()
                screens.top.entered()
                keepHead()
            }
        } catch (_: CountersignException) {
            // It stays unfinished, and is tried again after the next unlocking.
        }
    }

    private inner class Ways : Navigator {
        override var language: Language
            get() = this@App.language.value
            set(value) {
                choices.language = value
                this@App.language.value = value
            }

        override fun open(place: Place) {
            room?.let { screens.push(it.presenter(place)) }
        }

        override fun back() {
            screens.pop()
        }

        override fun home(place: Place?) {
            room?.let { room -> screens.home(place?.let(room::presenter)) }
        }

        override fun lock() {
            val session = room?.session ?: return
            if (!session.core.isLocked(session.now())) keepHead()
            session.close()
            room = null
            restart()
        }

        override fun unlocked(core: Authenticator, note: ReasonName?, first: Place?) {
            val within = scope + SupervisorJob(scope.coroutineContext[Job])
            val session = Session(core, platform, within, scope, blocking, copied)
            val entered = Room(session, this).also { room = it }
            keepHead()
            session.renewedKeys()
            val accounts = entered.accounts(note)
            screens.restart(accounts)
            entered.looker.seen()
            entered.addresses.again()
            (first ?: next ?: Place.RecoveryCode.takeIf { session.isRecoveryUnchecked() })?.let(::goTo)
            next = null
            session.scope.launch { goOn(entered, accounts) }
        }

        override fun failed(reason: ReasonName) {
            room?.session?.lately?.failed(reason)
        }

        override fun restart() {
            screens.restart(
                try {
                    val core = Authenticator.open(platform.vault)
                    UnlockPresenter(core, platform, blocking, this, scope, next is Place.Requests)
                } catch (_: CountersignException.NoVault) {
                    Heads.forget(platform.preferences)
                    FirstRunPresenter(platform, blocking, this, scope)
                } catch (error: CountersignException) {
                    UnusablePresenter(platform, error.reason(), this, scope)
                },
            )
        }
    }
}
