package org.countersign.ui.logic

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import org.countersign.core.CountersignException
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.ScreenState

/** The state of one screen, and what its events do. All of it is called on one thread at a time. */
abstract class Presenter<S : ScreenState>(initial: S, protected val navigator: Navigator, parent: CoroutineScope) {
    private val states = MutableStateFlow(initial)
    val state: StateFlow<S> = states.asStateFlow()
    protected var shown: S by states::value

    /** Ends with the screen. */
    protected val scope = parent + SupervisorJob(parent.coroutineContext[Job])

    /** What a person did. Events of other screens, late ones, do nothing. */
    fun on(event: AppEvent) = attempt { handle(event) }

    protected abstract fun handle(event: AppEvent)

    /** The screen is seen, for the first time or again. */
    open fun entered() = Unit

    /** Another screen is seen, or none. */
    open fun covered() = Unit

    /** One page back within the screen; false where it is at its first. */
    open fun back(): Boolean = false

    open fun close() = scope.cancel()

    /** A call to the core was refused, or a file. */
    protected abstract fun refused(reason: ReasonName)

    protected fun launch(work: suspend () -> Unit) = scope.launch { attempt { work() } }

    protected inline fun attempt(work: () -> Unit) {
        try {
            work()
        } catch (_: CountersignException.Locked) {
            navigator.lock()
        } catch (error: CountersignException) {
            failed(error.named())
        } catch (error: FileRefused) {
            failed(error.reason)
        }
    }

    protected fun failed(reason: ReasonName) {
        navigator.failed(reason)
        refused(reason)
    }
}
