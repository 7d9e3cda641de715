package org.countersign.ui.logic

import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.SettingsPage

/** What is behind the lock: the open vault and the screens that show it. */
internal class Room(val session: Session, private val navigator: Navigator) {
    val looker = Looker(session).also { it.remember() }

    val backups = Backups(session)

    val addresses = PushAddresses(session)

    /** The lowest screen; [note] is what was found when the vault was opened. */
    fun accounts(note: ReasonName?) = AccountsPresenter(session, looker, backups, navigator, note)

    fun presenter(place: Place): Presenter<*> = when (place) {
        is Place.Add -> AddPresenter(session, looker, navigator, place.found)
        is Place.Requests -> RequestsPresenter(session, looker, navigator, place)
        is Place.Account -> AccountPresenter(session, place.id, navigator)
        Place.Settings -> SettingsPresenter(session, addresses, navigator, SettingsPage.Overview)
        Place.RecoveryCode -> SettingsPresenter(session, addresses, navigator, SettingsPage.RecoveryCode)
        Place.Trash -> TrashPresenter(session, navigator)
        is Place.History -> HistoryPresenter(session, place.account, navigator)
        is Place.Import -> ImportPresenter(session, navigator, restoring = false, place.files)
        Place.Restore -> ImportPresenter(session, navigator, restoring = true)
        Place.Export -> ExportPresenter(session, navigator)
        Place.Backup -> BackupPresenter(session, backups, navigator)
    }
}
