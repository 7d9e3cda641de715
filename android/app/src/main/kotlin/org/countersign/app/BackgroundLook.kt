package org.countersign.app

import kotlinx.coroutines.delay
import org.countersign.core.Background
import org.countersign.core.CountersignException
import org.countersign.core.Event
import org.countersign.core.Outcome
import org.countersign.core.Request
import org.countersign.core.SeenRequest
import org.countersign.core.Step
import org.countersign.ui.logic.Clocks
import org.countersign.ui.logic.Keys
import org.countersign.ui.logic.Sender

/** Carries out the steps of looks in the background. Nothing is asked: nobody is there. */
internal class BackgroundLook(
    private val background: Background,
    private val clocks: Clocks,
    private val sender: Sender,
    private val keys: Keys,
) {
    /** Those whose turn it is: where looks failed, the next one is later. */
    suspend fun atDue() = at(background.due(clocks.now()))

    suspend fun atAll() = at(background.accounts())

    /**
     * The sign-ins that wait and may be told. An account that can't be looked at keeps no other from being looked at;
     * one of which the person wants to hear nothing for a while is looked at, so that the app shows what waits.
     */
    private suspend fun at(accounts: List<String>): List<SeenRequest> = accounts.flatMap { account ->
        try {
            val seen = at(account).map { SeenRequest(account, it) }
            if (background.isQuiet(account, clocks.now())) emptyList() else seen
        } catch (_: CountersignException) {
            emptyList()
        }
    }

    private suspend fun at(account: String): List<Request> {
        var turn = background.begin(account, clocks.now())
        while (true) {
            val event = when (val step = turn.step) {
                is Step.Send -> sender.send(step.request)
                is Step.CreateKey -> keys.create(step.request)
                is Step.Sign -> keys.sign(step.request)
                is Step.Ask -> Event.NotAnswered
                is Step.Wait -> Event.Woke.also { delay(step.ms.toLong()) }
                is Step.Done -> return (step.outcome as? Outcome.Checked)?.requests.orEmpty()
            }
            turn = background.next(turn.number, event, clocks.now())
        }
    }
}
