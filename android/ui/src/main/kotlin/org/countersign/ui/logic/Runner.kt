package org.countersign.ui.logic

import java.nio.ByteBuffer
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import org.countersign.core.Authenticator
import org.countersign.core.ClientAnswer
import org.countersign.core.CountersignException
import org.countersign.core.Event
import org.countersign.core.Outcome
import org.countersign.core.Question
import org.countersign.core.RunId
import org.countersign.core.Step
import org.countersign.core.Turn
import org.countersign.ui.screens.Typed

/** What a person said to a [Question]. */
sealed interface Answer {
    data class Confirmed(val yes: Boolean) : Answer

    /** Wiped once it is handed over. */
    data class Text(val typed: Typed) : Answer

    data class Client(val id: String, val secret: Typed) : Answer

    data object None : Answer

    /** The run is to be left where it stands. */
    data object Leave : Answer
}

/** Asks a person. */
fun interface Asker {
    suspend fun ask(question: Question): Answer

    companion object {
        /** For runs that nobody waits for. */
        val Nobody = Asker { Answer.None }

        /** The screen has asked already whether the account is to be locked. */
        val LockingOut = Asker { if (it is Question.LockOut) Answer.Confirmed(true) else Answer.None }
    }
}

/** Carries out runs: performs the step that the core wants, hands back what came of it, until it is done. */
class Runner(
    private val core: Authenticator,
    private val clocks: Clocks,
    private val sender: Sender,
    private val keys: Keys,
    private val blocking: CoroutineContext,
) {
    /** The outcome; null where the person left the run at a question. */
    suspend fun finish(run: RunId, from: Turn, asker: Asker): Outcome? {
        var turn = from
        while (true) {
            turn = when (val step = turn.step) {
                is Step.Send -> next(run, turn, withContext(blocking) { sender.send(step.request) })
                is Step.CreateKey -> next(run, turn, withContext(blocking) { keys.create(step.request) })
                is Step.Sign -> next(run, turn, withContext(blocking) { keys.sign(step.request) })
                is Step.Ask -> answer(run, turn, asker.ask(step.question)) ?: return null
                is Step.Wait -> next(run, turn, Event.Woke.also { delay(step.ms.toLong()) })
                is Step.Done -> return step.outcome
            }
        }
    }

    private fun next(run: RunId, turn: Turn, event: Event) =
        whileInUse { core.next(run, turn.number, event, clocks.now()) }

    private fun answer(run: RunId, turn: Turn, answer: Answer): Turn? = when (answer) {
        is Answer.Leave -> null
        is Answer.Confirmed -> next(run, turn, Event.Confirmed(answer.yes))
        is Answer.None -> next(run, turn, Event.NotAnswered)
        is Answer.Text -> spent(answer.typed) { text: ByteBuffer ->
            core.answerTyped(run, turn.number, text, clocks.now())
        }
        is Answer.Client -> spent(answer.secret) { secret: ByteBuffer ->
            core.answerClient(run, ClientAnswer(turn.number, answer.id), secret, clocks.now())
        }
    }
}

/**
 * Hands over what came of a step again and again while another process writes: it is not to be had once more. The core
 * waits 5 s each time.
 */
fun <T> whileInUse(work: () -> T): T {
    repeat(3) {
        try {
            return work()
        } catch (_: CountersignException.InUse) {
            // Once more.
        }
    }
    return work()
}
