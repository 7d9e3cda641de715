package org.countersign.ui.logic

import org.countersign.core.Check
import org.countersign.core.CountersignException
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.ui.screens.AccountDialog
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.AccountMessage
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.SelfTest

/** One account, and what can be done with it. */
class AccountPresenter(private val session: Session, private val id: String, navigator: Navigator) :
    Presenter<AccountState>(read(session, id), navigator, session.scope) {
    private val core get() = session.core

    override fun handle(event: AppEvent) {
        when (event) {
            is AccountEvent.SetFavourite -> change { core.setFavourite(id, event.favourite, session.now()) }
            is AccountEvent.OpenDialog -> if (event.dialog !is AccountDialog.SetupCode) dialog(event.dialog)
            AccountEvent.CloseDialog -> dialog(null)
            is AccountEvent.Renamed -> change { core.rename(id, event.issuer, event.name, session.now()) }
            is AccountEvent.TagsChanged -> change { core.setTags(id, event.tags, session.now()) }
            is AccountEvent.NoteChanged -> change { core.setNote(id, event.note, session.now()) }
            is AccountEvent.LabelChanged -> change { core.setLabel(id, event.label?.ifBlank { null }, session.now()) }
            AccountEvent.RunTest -> test()
            is AccountEvent.FixNeed -> session.platform.background.fix(event.need)
            AccountEvent.RenewKey -> run(Job.RotateKey(id))
            AccountEvent.LockOutConfirmed -> run(Job.LockOut(id), Asker.LockingOut)
            AccountEvent.ShowSetupCode -> launch { showSetupCode() }
            AccountEvent.OpenHistory -> navigator.open(Place.History(id))
            AccountEvent.RemoveConfirmed -> remove()
            AccountEvent.MessageGone -> shown = shown.copy(message = null)
            else -> Unit
        }
    }

    override fun back(): Boolean {
        if (shown.dialog == null) return false
        dialog(null)
        return true
    }

    override fun refused(reason: ReasonName) {
        shown = shown.copy(dialog = null, busy = false, message = AccountMessage.Refused(reason))
    }

    private fun change(work: () -> Unit) {
        work()
        shown = read(session, id).copy(test = shown.test, busy = shown.busy, message = shown.message)
    }

    private fun dialog(dialog: AccountDialog?) {
        shown = shown.copy(dialog = dialog)
    }

    private fun test() {
        if (shown.test == SelfTest.Running) return
        shown = shown.copy(test = SelfTest.Running)
        launch {
            val test = try {
                session.run(Job.SelfTest(id, session.hostFacts()))?.outcome?.tested()
            } catch (error: CountersignException.Refused) {
                SelfTest.Failed(error.named())
            }
            shown = shown.copy(test = test ?: SelfTest.NotRun)
        }
    }

    private fun Outcome.tested() = when (this) {
        is Outcome.Tested -> SelfTest.Done(checks.map(Check::shown))
        is Outcome.Refused -> SelfTest.Failed(reason.named())
        is Outcome.Unknown -> SelfTest.Failed(reason.named())
        else -> error("$this is no end of a test")
    }

    private fun run(job: Job, asker: Asker = Asker.Nobody) {
        if (shown.busy) return
        shown = shown.copy(dialog = null, busy = true, message = null)
        launch {
            val outcome = session.run(job, asker)?.outcome
            val message = when (outcome) {
                is Outcome.Rotated -> AccountMessage.KeyRenewed
                is Outcome.LockedOut -> AccountMessage.LockedOut
                is Outcome.Refused -> AccountMessage.Refused(outcome.reason.named())
                is Outcome.Unknown -> AccountMessage.Refused(outcome.reason.named())
                else -> null
            }
            shown = read(session, id).copy(test = shown.test, message = message)
        }
    }

    private suspend fun showSetupCode() {
        if (session.confirmPresence()) {
            dialog(AccountDialog.SetupCode(core.setupPng(id, SETUP_CODE_SCALE, session.now())))
        }
    }

    private fun remove() {
        core.remove(id, session.now())
        navigator.back()
    }

    private companion object {
        const val SETUP_CODE_SCALE = 8u

        fun read(session: Session, id: String): AccountState {
            val summary = session.core.summary(id, session.now())
            val details = session.core.details(id, session.now())
            return AccountState(
                id = id,
                issuer = summary.issuer,
                name = summary.name,
                favourite = summary.favourite,
                tags = summary.tags,
                note = details.note,
                label = details.approvals?.key?.let { session.label(id) },
                addedAt = details.addedAt,
                codes = details.codes?.shown(),
                approvals = details.approvals?.shown(session.keys::place),
            )
        }
    }
}
