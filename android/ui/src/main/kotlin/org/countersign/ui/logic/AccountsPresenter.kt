package org.countersign.ui.logic

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.launch
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsMessage
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.CodesOf
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.Leftover
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RowCode

/** The accounts with their codes. */
class AccountsPresenter(
    private val session: Session,
    private val looker: Looker,
    private val backups: Backups,
    navigator: Navigator,
    note: ReasonName?,
) : Presenter<AccountsState>(
    AccountsState(emptyList(), any = false, message = note?.let { AccountsMessage.Refused(it) }),
    navigator,
    session.scope,
) {
    private val core get() = session.core
    private val list = AccountList(session)
    private var visible = emptyList<String>()
    private var ticking: Job? = null

    init {
        launch {
            combine(looker.waiting, looker.look, looker.floods.now, ::Triple).collect { (waiting, look, floods) ->
                shown = shown.copy(waiting = waiting.size, look = look, floods = floods)
            }
        }
        launch { backups.outcome.drop(1).collect { attempt { warn() } } }
    }

    override fun entered() = attempt { reload() }

    override fun covered() {
        ticking?.cancel()
    }

    override fun back(): Boolean = when {
        shown.selected.isNotEmpty() -> true.also { select(emptySet()) }
        shown.query != null -> true.also { handle(AccountsEvent.CloseSearch) }
        else -> false
    }

    /** Something that was interrupted has ended; told until it is read, also when other screens are above this one. */
    fun tell(leftover: Leftover) {
        shown = shown.copy(leftovers = shown.leftovers + leftover)
    }

    override fun refused(reason: ReasonName) = say(AccountsMessage.Refused(reason))

    override fun handle(event: AppEvent) {
        when (event) {
            is AccountsEvent.Visible -> show(event.ids)
            is AccountsEvent.TapCode -> tapped(event.id)
            is AccountsEvent.UseCounter -> count(event.id)
            is AccountsEvent.SetFavourite -> change { core.setFavourite(event.id, event.favourite, session.now()) }
            is AccountsEvent.Move -> change { core.moveBefore(event.id, event.before, session.now()) }
            AccountsEvent.OpenSearch -> shown = shown.copy(query = "")
            AccountsEvent.CloseSearch -> change { shown = shown.copy(query = null) }
            is AccountsEvent.Search -> change { shown = shown.copy(query = event.text) }
            is AccountsEvent.ChooseTag -> change { shown = shown.copy(tag = event.tag) }
            is AccountsEvent.ToggleSelected -> select(shown.selected.toggled(event.id))
            AccountsEvent.SelectNone -> select(emptySet())
            AccountsEvent.TrashSelected -> trash(shown.selected.toList())
            is AccountsEvent.TagSelected -> changeSelected { list.tag(it, event.tag) }
            AccountsEvent.FavouriteSelected -> changeSelected { core.setFavourite(it, true, session.now()) }
            AccountsEvent.UndoTrash -> undo()
            AccountsEvent.MessageGone -> shown = shown.copy(message = null)
            AccountsEvent.LeftoversRead -> shown = shown.copy(leftovers = emptyList())
            AccountsEvent.LookNow -> looker.lookNow(::openRequests)
            AccountsEvent.ExpectSignIn -> looker.expect(::openRequests)
            AccountsEvent.StopExpecting -> looker.stop()
            AccountsEvent.OpenRequests -> openRequests()
            is AccountsEvent.Open -> navigator.open(Place.Account(event.id))
            AccountsEvent.Add -> navigator.open(Place.Add())
            AccountsEvent.OpenTrash -> navigator.open(Place.Trash)
            AccountsEvent.OpenSettings -> navigator.open(Place.Settings)
            AccountsEvent.OpenImport -> navigator.open(Place.Import())
            AccountsEvent.OpenRestore -> navigator.open(Place.Restore)
            AccountsEvent.OpenExport -> navigator.open(Place.Export)
            AccountsEvent.OpenBackup -> navigator.open(Place.Backup)
            AccountsEvent.Lock -> navigator.lock()
            else -> looker.floods.handle(event)
        }
    }

    private fun reload() {
        val (query, tag) = shown.query to shown.tag
        val read = list.read(query.orEmpty(), tag)
        shown = shown.copy(
            rows = read.rows,
            any = read.any,
            hideCodes = Choices(session.platform.preferences).hideCodes,
            tags = read.tags,
            tag = tag?.takeIf { it in read.tags },
            selected = shown.selected intersect read.rows.map { it.id }.toSet(),
            canLook = read.canLook,
            trashed = read.trashed,
        )
        tick()
        // After the codes: nobody waits for it.
        launch { warn() }
    }

    private fun warn() {
        shown = shown.copy(backup = backups.warning())
    }

    private fun change(work: () -> Unit) {
        work()
        reload()
    }

    private fun show(ids: List<String>) {
        if (ids == visible) return
        visible = ids
        tick()
    }

    /** Codes of the rows on screen, now and whenever a period begins; in between nothing is done. */
    private fun tick() {
        ticking?.cancel()
        ticking = launch {
            while (true) {
                val timed = shown.rows.filter { it.codes == CodesOf.Time }.map { it.id } intersect visible.toSet()
                val counted = shown.codes.filterValues { it is RowCode.Counted }
                val codes = list.codes(timed.toList())
                shown = shown.copy(codes = counted + codes.mapValues { RowCode.Timed(it.value) })
                session.untilOver(codes.values.minOfOrNull { it.validUntil } ?: break)
            }
        }
    }

    private fun tapped(id: String) {
        val hidden = shown.hideCodes && id !in shown.revealed
        if (hidden) return reveal(id)
        val code = when (val code = shown.codes[id]) {
            is RowCode.Timed -> code.code.current
            is RowCode.Counted -> code.code
            null -> return
        }
        session.copied.put(code)
        say(AccountsMessage.Copied(CopiedCode.SECONDS))
    }

    private fun reveal(id: String) {
        shown = shown.copy(revealed = shown.revealed + id)
        scope.launch {
            delay(REVEALED_MS)
            shown = shown.copy(revealed = shown.revealed - id)
        }
    }

    private fun count(id: String) {
        val code = RowCode.Counted(Hidden(core.useCounter(id, session.now())))
        shown = shown.copy(codes = shown.codes + (id to code))
    }

    private fun select(ids: Set<String>) {
        shown = shown.copy(selected = ids)
    }

    private fun changeSelected(work: (String) -> Unit) = change {
        shown.selected.forEach(work)
        select(emptySet())
    }

    private fun trash(ids: List<String>) = change {
        ids.forEach { core.remove(it, session.now()) }
        select(emptySet())
        if (ids.isNotEmpty()) say(AccountsMessage.Trashed(ids))
    }

    private fun undo() {
        val trashed = shown.message as? AccountsMessage.Trashed ?: return
        change { trashed.ids.forEach { core.restore(it, session.now()) } }
        shown = shown.copy(message = null)
    }

    private fun say(message: AccountsMessage) {
        shown = shown.copy(message = message)
    }

    private fun openRequests() = navigator.open(Place.Requests())

    private fun Set<String>.toggled(id: String) = if (id in this) this - id else this + id

    private companion object {
        const val REVEALED_MS = 30_000L
    }
}
