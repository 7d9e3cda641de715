package org.countersign.ui.logic

import kotlinx.coroutines.CoroutineScope
import org.countersign.core.Reason
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.UnusableEvent
import org.countersign.ui.screens.UnusableState

/** There is a vault, but its file can't be used. Nothing is done to it. */
class UnusablePresenter(private val platform: Platform, reason: Reason, navigator: Navigator, parent: CoroutineScope) :
    Presenter<UnusableState>(state(platform, reason), navigator, parent) {
    override fun handle(event: AppEvent) {
        when (event) {
            UnusableEvent.TryAgain -> navigator.restart()
            UnusableEvent.CopyReport -> platform.clipboard.put(shown.report)
            else -> Unit
        }
    }

    override fun refused(reason: ReasonName) {
        shown = shown.copy(reason = reason)
    }

    private companion object {
        fun state(platform: Platform, reason: Reason): UnusableState {
            val name = reason.named()
            return UnusableState(name, report(platform.device, "vault: ${name.name}"))
        }
    }
}
