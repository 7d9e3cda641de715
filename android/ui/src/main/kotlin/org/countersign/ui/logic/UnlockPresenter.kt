package org.countersign.ui.logic

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.withContext
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Finding
import org.countersign.core.OpenedWay
import org.countersign.core.Reason
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.screens.Way

/** Opens the vault by one of its ways in. */
class UnlockPresenter(
    private val core: Authenticator,
    private val platform: Platform,
    private val blocking: CoroutineContext,
    navigator: Navigator,
    parent: CoroutineScope,
    requestWaits: Boolean,
) : Presenter<UnlockState>(begin(core, platform, requestWaits), navigator, parent) {
    /** Opened, but the file is older than it should be: the person decides. */
    private var older: OpenedWay? = null

    override fun entered() {
        if (shown.way == Way.DeviceLock) useDeviceLock()
    }

    /** A sign-in came meanwhile. */
    fun requestWaits() {
        shown = shown.copy(requestWaits = true)
    }

    override fun handle(event: AppEvent) {
        when (event) {
            is UnlockEvent.Choose -> choose(event.way)
            UnlockEvent.UseDeviceLock -> useDeviceLock()
            is UnlockEvent.Password -> tryIn { spent(event.typed, core::openByPassword) }
            is UnlockEvent.RecoveryCode -> tryIn { spent(event.typed, core::openByRecoveryCode) }
            UnlockEvent.OpenOlder -> openOlder()
            else -> Unit
        }
    }

    override fun refused(reason: ReasonName) {
        shown = shown.copy(busy = false, refusal = reason, tries = shown.tries + 1)
    }

    private fun choose(way: Way) {
        if (way !in shown.ways || shown.busy) return
        shown = shown.copy(way = way, refusal = null, mistake = null)
        if (way == Way.DeviceLock) useDeviceLock()
    }

    private fun useDeviceLock() = tryIn {
        when (val opened = platform.deviceLock.open()) {
            is DeviceLock.Opened.Key -> try {
                lent(opened.bytes, core::openByPlatform)
            } finally {
                opened.bytes.fill(0)
            }
            DeviceLock.Opened.Gone -> throw CountersignException.PlatformKeyGone()
            DeviceLock.Opened.NotConfirmed -> throw CountersignException.Refused(Reason.PRESENCE_REFUSED)
        }
    }

    private fun tryIn(open: suspend () -> OpenedWay) {
        if (shown.busy) return
        shown = shown.copy(busy = true, refusal = null, mistake = null)
        launch {
            try {
                unlock(withContext(blocking) { open() })
            } catch (error: CountersignException.WrongRecoveryCode) {
                shown = shown.copy(mistake = error.mistake.shown())
                refused(error.named())
            } catch (error: CountersignException.PlatformKeyGone) {
                refused(error.named())
                // What the device kept opens nothing any more: on to the next way.
                shown.ways.firstOrNull { it != Way.DeviceLock }?.let { shown = shown.copy(way = it) }
            }
        }
    }

    private fun unlock(opened: OpenedWay) {
        val finding = core.unlock(opened, Heads.known(platform.preferences), platform.clocks.now())
        if (finding is Finding.RolledBack) {
            older = opened
            shown = shown.copy(busy = false, rolledBack = true)
        } else {
            opened.close()
            enter(finding)
        }
    }

    private fun openOlder() {
        val opened = older ?: return
        val known = Heads.known(platform.preferences) ?: return
        val finding = core.unlockOlder(opened, known, platform.clocks.now())
        older = null
        opened.close()
        enter(finding)
    }

    private fun enter(finding: Finding) =
        navigator.unlocked(core, if (finding is Finding.Damaged) Reason.VAULT_DAMAGED.named() else null)

    override fun close() {
        older?.close()
        super.close()
    }

    private companion object {
        fun begin(core: Authenticator, platform: Platform, requestWaits: Boolean): UnlockState {
            val ways = core.ways().map { it.shown() }
                .filter { it != Way.DeviceLock || platform.deviceLock.offered() }
                .sortedBy { it.ordinal }
            return UnlockState(ways, ways.firstOrNull() ?: Way.RecoveryCode, requestWaits = requestWaits)
        }
    }
}
