package org.countersign.app

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
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
import org.countersign.ui.logic.whileInUse

/**
 * Carries out the steps of looks in the background. Nothing is asked: nobody is there. All accounts are looked at at
 * once: the system gives a look its time, which a server that is silent may take for itself.
 */
internal class BackgroundLook(
    /** Opens one more: each does one look at a time. */
    private val open: () -> Background,
    private val clocks: Clocks,
    private val sender: Sender,
    private val keys: Keys,
) {
    /** At those whose turn it is: where looks failed, the next one is later. */
    suspend fun atDue(tell: (List<SeenRequest>) -> Unit) = at(open().use { it.due(clocks.now()) }, tell)

    suspend fun atAll(tell: (List<SeenRequest>) -> Unit) = at(open().use { it.accounts() }, tell)

    /** Tells the sign-ins that wait, as soon as any are found, and at the end that these are all. */
    private suspend fun at(accounts: List<String>, tell: (List<SeenRequest>) -> Unit) {
        val found = Channel<List<SeenRequest>>(Channel.UNLIMITED)
        var all = emptyList<SeenRequest>()
        coroutineScope {
            for (account in accounts) launch { found.send(seen(account)) }
            repeat(accounts.size) {
                val more = found.receive()
                all = all + more
                if (more.isNotEmpty()) tell(all)
            }
        }
        if (all.isEmpty()) tell(all)
    }

    /**
     * The sign-ins of one account that may be told. One that can't be looked at keeps no other from being looked at; one
     * of which the person wants to hear nothing for a while is looked at, so that the app shows what waits.
     */
    private suspend fun seen(account: String): List<SeenRequest> = try {
        open().use { background ->
            val requests = background.look(account)
            if (background.isQuiet(account, clocks.now())) emptyList() else requests.map { SeenRequest(account, it) }
        }
    } catch (_: CountersignException) {
        emptyList()
    }

    private suspend fun Background.look(account: String): List<Request> {
        var turn = begin(account, clocks.now())
        while (true) {
            val event = when (val step = turn.step) {
                is Step.Send -> sender.send(step.request)
                is Step.CreateKey -> keys.create(step.request)
                is Step.Sign -> keys.sign(step.request)
                is Step.Ask -> Event.NotAnswered
                is Step.Wait -> Event.Woke.also { delay(step.ms.toLong()) }
                is Step.Done -> return (step.outcome as? Outcome.Checked)?.requests.orEmpty()
            }
            // What was found is recorded with the last turn, and told after that. Where it can't be, nothing is told, and
            // the account is due again.
            turn = whileInUse { next(turn.number, event, clocks.now()) }
        }
    }
}
