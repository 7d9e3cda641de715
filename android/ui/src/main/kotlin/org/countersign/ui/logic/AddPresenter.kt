package org.countersign.ui.logic

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.withContext
import org.countersign.core.CountersignException
import org.countersign.core.Reason
import org.countersign.core.Scanned
import org.countersign.core.recognise
import org.countersign.core.scanPicture
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddKind
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.TypedAccount

/** Finds a set-up code by camera, picture, clipboard or keyboard, and hands it to [SetUp]. */
class AddPresenter(
    private val session: Session,
    private val looker: Looker,
    navigator: Navigator,
    private var outside: Scanned?,
) : Presenter<AddState>(AddState.ChooseKind, navigator, session.scope) {
    private val platform get() = session.platform
    private val setUp = SetUp(session, ::show, ::ask)
    private var kind = AddKind.WorkOrSchool
    private var found = emptyMap<String, Scanned>()
    private var chosen: Scanned? = null

    /** The question of a run that waits for the person. */
    private var question: CompletableDeferred<Answer>? = null
    private var ticking: Job? = null

    override fun handle(event: AppEvent) {
        when (event) {
            is AddEvent.KindChosen -> chooseWay(event.kind)
            AddEvent.FromAnotherApp -> navigator.open(Place.Import())
            AddEvent.ScanWithCamera -> launch { scan() }
            AddEvent.FromPicture -> launch { fromPicture() }
            AddEvent.PasteLink -> shown = AddState.Paste()
            AddEvent.TypeItIn -> shown = AddState.TypeIn()
            AddEvent.OpenSystemSettings -> platform.pictures.openSystemSettings()
            AddEvent.TakeClipboard -> read(Typed(platform.clipboard.text().orEmpty()))
            is AddEvent.Pasted -> read(event.text)
            is AddEvent.TypedIn -> read(event.account)
            is AddEvent.FoundChosen -> found[event.key]?.let(::choose)
            AddEvent.AddFound, AddEvent.StoreOrganisation -> addChosen()
            is AddEvent.TrustAnswered -> answer(Answer.Confirmed(event.yes))
            is AddEvent.ClientTyped -> answer(Answer.Client(event.id, event.secret))
            AddEvent.AnotherWay -> chooseWay(kind)
            AddEvent.CopyCode -> (shown as? AddState.Added)?.code?.let { session.copied.put(it.current) }
            AddEvent.TryRequest -> tryRequest()
            AddEvent.Done -> navigator.home()
            else -> Unit
        }
    }

    /** What the camera saw, while it looks. */
    fun saw(codes: List<Scanned>) {
        if (shown is AddState.Scan) attempt { found(codes) }
    }

    /** It saw a code, but could not read it. */
    fun saw(reason: Reason) {
        if (shown is AddState.Scan) refused(reason.named())
    }

    /** A code that came from outside may lead on to another screen: not before this one is there. */
    override fun entered() = attempt {
        outside?.let {
            outside = null
            found(listOf(it))
        }
        tick()
    }

    override fun covered() {
        ticking?.cancel()
    }

    override fun back(): Boolean {
        when (shown) {
            is AddState.ChooseWay -> shown = AddState.ChooseKind
            is AddState.Scan, is AddState.CameraRefused, is AddState.Paste, is AddState.TypeIn, is AddState.ChooseFound,
            is AddState.Confirm, is AddState.Organisation, is AddState.CantAdd -> chooseWay(kind)
            is AddState.Trust, is AddState.Client -> {
                answer(Answer.Leave)
                chooseWay(kind)
            }
            is AddState.Working -> Unit
            else -> return false
        }
        return true
    }

    override fun close() {
        question?.complete(Answer.Leave)
        super.close()
    }

    override fun refused(reason: ReasonName) {
        shown = when (shown) {
            is AddState.Paste -> AddState.Paste(reason)
            is AddState.TypeIn -> AddState.TypeIn(reason)
            is AddState.Scan -> AddState.Scan(reason)
            else -> AddState.Failed(reason)
        }
    }

    private fun chooseWay(kind: AddKind) {
        this.kind = kind
        chosen = null
        shown = AddState.ChooseWay(kind, platform.pictures.hasCamera())
    }

    private suspend fun scan() {
        shown = when (platform.pictures.camera()) {
            Pictures.Camera.Granted -> AddState.Scan()
            Pictures.Camera.Refused -> AddState.CameraRefused(settings = false)
            Pictures.Camera.RefusedForGood -> AddState.CameraRefused(settings = true)
        }
    }

    private suspend fun fromPicture() {
        val file = platform.pictures.choose() ?: return
        val scanned = try {
            withContext(session.blocking) { lent(file, ::scanPicture) }
        } catch (error: CountersignException.Refused) {
            shown = AddState.CantAdd(error.named())
            return
        } finally {
            file.fill(0)
        }
        found(scanned)
    }

    private fun read(text: Typed) = found(listOf(spent(text, ::recognise)))

    private fun read(account: TypedAccount) = found(listOf(setupText(account, ::recognise)))

    private fun found(scanned: List<Scanned>) {
        found = scanned.withIndex().associate { (at, one) -> at.toString() to one }
        val single = scanned.singleOrNull()
        if (single != null) choose(single) else shown = AddState.ChooseFound(found.map { (key, one) -> one.shown(key) })
    }

    private fun choose(scanned: Scanned) {
        val about = scanned.describe()
        val refusal = about.refusal
        when {
            about.kind == LOOK_NOW -> look()
            about.kind == SIGN_IN -> signIn(scanned)
            // A code of another system has a page of its own; what is merely mistyped is corrected where it was typed.
            refusal != null && about.kind != "foreign" && shown.isInput() -> refused(refusal.named())
            refusal != null -> shown = AddState.CantAdd(refusal.named(), about.foreignHost)
            // The question whether the server is trusted asks all that there is to ask.
            about.system != null -> launch { setUp.add(scanned, replace = false) }
            else -> {
                chosen = scanned
                shown = setUp.confirmation(scanned, about)
            }
        }
    }

    private fun AddState.isInput() = this is AddState.Paste || this is AddState.TypeIn || this is AddState.Scan

    /** A link says that a sign-in waits, on this phone; a number in it is never used. */
    private fun look() {
        looker.lookNow()
        navigator.home(Place.Requests(samePhone = true))
    }

    private fun show(page: AddState) {
        shown = page
        tick()
    }

    /** The code to try is the one of now, as in the list. */
    private fun tick() {
        ticking?.cancel()
        ticking = launch {
            while (true) {
                val added = shown as? AddState.Added ?: break
                val code = added.code?.let { setUp.code(added.id) } ?: break
                shown = added.copy(code = code)
                session.untilOver(code.validUntil)
            }
        }
    }

    /** A code that is itself the request. */
    private fun signIn(scanned: Scanned) {
        val asked = try {
            looker.scanned(scanned)
        } catch (error: CountersignException.Refused) {
            shown = AddState.CantAdd(error.named())
            return
        }
        navigator.home(Place.Requests(open = asked.singleOrNull()))
    }

    private fun addChosen() {
        val scanned = chosen ?: return
        val page = shown
        if (page !is AddState.Confirm && page !is AddState.Organisation) return
        launch { setUp.add(scanned, replace = (page as? AddState.Organisation)?.replaces == true) }
    }

    /** Shows a question of the run, and waits for what the person says. */
    private suspend fun ask(page: AddState): Answer {
        val wait = CompletableDeferred<Answer>()
        question = wait
        shown = page
        return wait.await().also { question = null }
    }

    private fun answer(answer: Answer) {
        if (question?.complete(answer) == true && answer != Answer.Leave) shown = AddState.Working
    }

    private fun tryRequest() {
        looker.lookNow()
        navigator.home(Place.Requests())
    }
}

/** The kind of a link that says that a sign-in waits on this phone. */
internal const val LOOK_NOW = "look_now"

/** The kind of a code that asks to approve a sign-in. */
private const val SIGN_IN = "tiqr_sign_in"
