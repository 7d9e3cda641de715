package org.countersign.ui.logic

import java.nio.ByteBuffer
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Scanned
import org.countersign.core.recognise
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.AppState
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.Typed

/**
 * The whole app without its looks: one state, and what comes from outside.
 *
 * Everything is done in [scope], which runs one thing at a time and need not be the thread that draws; [blocking] is for
 * what takes long. Its functions may be called from any thread.
 */
class App(private val platform: Platform, private val scope: CoroutineScope, private val blocking: CoroutineContext) {
    private val stack = MutableStateFlow(emptyList<Presenter<*>>())
    private val language = MutableStateFlow(Choices(platform.preferences).language)
    private val navigator = Stack()

    /** The open vault, between unlocking and locking. */
    private var behindTheLock: Session? = null
    private var looker: Looker? = null

    /** What came while the vault was locked, and waits for it. */
    private var next: Place? = null
    private var locking: Job? = null

    @OptIn(ExperimentalCoroutinesApi::class)
    val state: StateFlow<AppState?> = combine(stack.flatMapLatest { it.lastOrNull()?.state ?: emptyFlow() }, language, ::AppState)
        .stateIn(scope, SharingStarted.Eagerly, null)

    init {
        scope.launch { navigator.restart() }
    }

    /** A person did something. */
    fun on(event: AppEvent) = serially {
        when (event) {
            AppEvent.Back -> navigator.goBack()
            AppEvent.Touched -> behindTheLock?.let { it.core.touch(it.now()) }
            else -> stack.value.last().on(event)
        }
        keepHead()
    }

    /** A link, or a text shared with the app. */
    fun opened(text: Typed) = serially {
        val scanned = spent(text, ::recognise)
        val looks = scanned.describe().kind == "look_now"
        goTo(if (looks) Place.Requests(samePhone = true) else Place.Add(scanned))
    }

    /** A notification of a sign-in that waits. */
    fun openedRequests() = serially { goTo(Place.Requests()) }

    /** A frame of the camera, see [AddPresenter.frame]. */
    fun frame(luma: ByteBuffer, width: Int, height: Int, stride: Int) =
        (stack.value.last() as? AddPresenter)?.frame(luma, width, height, stride)

    /** The app is no longer seen: from now on the grace time runs. */
    fun left() = serially {
        val session = behindTheLock ?: return@serially
        stack.value.last().covered()
        val grace = Choices(platform.preferences).grace.ms ?: return@serially
        session.core.touch(session.now())
        session.core.setGrace(grace.toULong())
        locking = scope.launch {
            delay(grace)
            navigator.lock()
        }
    }

    /** It is seen again. */
    fun returned() = serially {
        locking?.cancel()
        val session = behindTheLock ?: return@serially
        if (session.core.isLocked(session.now())) return@serially navigator.lock()
        session.core.setGrace(null)
        stack.value.last().entered()
    }

    /** Ends everything; the vault is locked. */
    fun close() {
        behindTheLock?.core?.lock()
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
        if (behindTheLock == null) {
            next = place
            if (place is Place.Requests) (stack.value.last() as? UnlockPresenter)?.requestWaits()
        } else {
            if (place is Place.Requests) looker?.lookNow()
            navigator.home(place)
        }
    }

    private fun keepHead() {
        behindTheLock?.let { Heads.keep(it.core, platform.preferences) }
    }

    private inner class Stack : Navigator {
        override var language: Language
            get() = this@App.language.value
            set(value) {
                Choices(platform.preferences).language = value
                this@App.language.value = value
            }

        override fun open(place: Place) = push(presenter(place))

        override fun back() {
            if (stack.value.size > 1) replace(stack.value.dropLast(1))
        }

        override fun home(place: Place?) = replace(listOfNotNull(stack.value.first(), place?.let(::presenter)))

        override fun lock() {
            val session = behindTheLock ?: return
            if (!session.core.isLocked(session.now())) keepHead()
            session.core.lock()
            end(session)
            restart()
        }

        override fun unlocked(core: Authenticator, note: ReasonName?, first: Place?) {
            val session = Session(core, platform, scope + Job(scope.coroutineContext[Job]), scope, blocking)
            val looker = Looker(session).also { it.remember() }
            behindTheLock = session
            this@App.looker = looker
            Heads.keep(core, platform.preferences)
            session.renewedKeys()
            replace(listOf(AccountsPresenter(session, looker, this, note)))
            val unchecked = core.hostRow(RecoveryCheck.UNCHECKED, session.now()) != null
            (first ?: next ?: Place.RecoveryCode.takeIf { unchecked })?.let(::goTo)
            next = null
            session.scope.launch { goOn(session) }
        }

        override fun restart() {
            try {
                val core = Authenticator.open(platform.vault)
                replace(listOf(UnlockPresenter(core, platform, blocking, this, scope, next is Place.Requests)))
            } catch (_: CountersignException.NoVault) {
                Heads.forget(platform.preferences)
                replace(listOf(FirstRunPresenter(platform, blocking, this, scope)))
            } catch (error: CountersignException) {
                replace(listOf(UnusablePresenter(platform, error.reason(), this, scope)))
            }
        }

        fun goBack() {
            if (stack.value.last().back()) return
            if (stack.value.size > 1) back() else platform.leave()
        }

        private fun presenter(place: Place): Presenter<*> {
            val session = checkNotNull(behindTheLock) { "places are behind the lock" }
            val looker = checkNotNull(looker)
            return when (place) {
                is Place.Add -> AddPresenter(session, looker, this, place.found)
                is Place.Requests -> RequestsPresenter(session, looker, this, place.samePhone)
                is Place.Account -> AccountPresenter(session, place.id, this)
                Place.Settings -> SettingsPresenter(session, this, SettingsPage.Overview)
                Place.RecoveryCode -> SettingsPresenter(session, this, SettingsPage.RecoveryCode)
                Place.Trash -> TrashPresenter(session, this)
            }
        }

        private fun push(presenter: Presenter<*>) = replace(stack.value + presenter)

        /** To another stack: who is covered, gone or seen is told. */
        private fun replace(new: List<Presenter<*>>) {
            val old = stack.value
            old.lastOrNull()?.takeIf { it !== new.last() }?.covered()
            stack.value = new
            old.filterNot { it in new }.forEach { it.close() }
            if (new.last() !== old.lastOrNull()) new.last().entered()
        }
    }

    private fun end(session: Session) {
        session.scope.cancel()
        session.core.close()
        behindTheLock = null
        looker = null
    }

    /** What an app that was killed left unfinished comes to its end, and is shown. */
    private suspend fun goOn(session: Session) {
        try {
            if (!session.goOn()) return
            looker?.remember()
            stack.value.last().entered()
            keepHead()
        } catch (_: CountersignException) {
            // It stays unfinished, and is tried again after the next unlocking.
        }
    }
}
