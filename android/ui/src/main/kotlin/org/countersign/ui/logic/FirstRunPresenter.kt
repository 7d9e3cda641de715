package org.countersign.ui.logic

import java.security.SecureRandom
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.withContext
import org.countersign.core.Authenticator
import org.countersign.core.BackupPlace
import org.countersign.core.Created
import org.countersign.core.Reason
import org.countersign.core.backupsKept
import org.countersign.core.createWithPassword
import org.countersign.core.createWithPlatform
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

/** Makes the vault, with a recovery code that was written down. */
class FirstRunPresenter(
    private val platform: Platform,
    private val blocking: CoroutineContext,
    navigator: Navigator,
    parent: CoroutineScope,
) : Presenter<FirstRunState>(FirstRunState.Welcome, navigator, parent) {
    private var busy = false
    private var made: Made? = null
    private var folder = ""

    private class Made(val core: Authenticator, val check: RecoveryCheck)

    override fun handle(event: AppEvent) {
        when (event) {
            FirstRunEvent.Begin -> shown = FirstRunState.ChooseLock(platform.deviceLock.offered())
            FirstRunEvent.UseDeviceLock -> make { withDeviceLock() }
            FirstRunEvent.UsePassword -> shown = FirstRunState.NewPassword()
            is FirstRunEvent.PasswordChosen -> make { withPassword(event.password) }
            FirstRunEvent.WrittenDown -> made?.let { shown = FirstRunState.CheckGroup(it.check.ask()) }
            FirstRunEvent.ShowAgain -> made?.let { shown = FirstRunState.WriteDown(it.check.groups()) }
            is FirstRunEvent.GroupTyped -> made?.let { checkGroup(it, event.text) }
            FirstRunEvent.ChooseBackupFolder -> launch { chooseFolder() }
            is FirstRunEvent.BackupPasswordChosen -> made?.let { launch { setUpBackups(it, event.password) } }
            FirstRunEvent.NoBackupNow -> shown = FirstRunState.Ready()
            FirstRunEvent.Finish -> made?.let { navigator.unlocked(it.core) }
            FirstRunEvent.AddFirst -> made?.let { navigator.unlocked(it.core, first = Place.Add()) }
            FirstRunEvent.ImportFirst -> made?.let { navigator.unlocked(it.core, first = Place.Import()) }
            FirstRunEvent.RestoreFirst -> made?.let { navigator.unlocked(it.core, first = Place.Restore) }
            else -> Unit
        }
    }

    override fun back(): Boolean {
        if (busy) return true
        shown = when (shown) {
            is FirstRunState.ChooseLock -> FirstRunState.Welcome
            is FirstRunState.NewPassword -> FirstRunState.ChooseLock(platform.deviceLock.offered())
            is FirstRunState.CheckGroup -> FirstRunState.WriteDown(made?.check?.groups().orEmpty())
            is FirstRunState.BackupPassword -> FirstRunState.AskBackup()
            else -> return false
        }
        return true
    }

    override fun refused(reason: ReasonName) {
        shown = when (val page = shown) {
            is FirstRunState.NewPassword -> FirstRunState.NewPassword(refusal = reason)
            is FirstRunState.ChooseLock -> page.copy(refusal = reason)
            is FirstRunState.AskBackup -> FirstRunState.AskBackup(reason)
            is FirstRunState.BackupPassword -> page.copy(busy = false, refusal = reason)
            else -> page
        }
    }

    /** One vault at a time, however often the button is pressed. */
    private fun make(vault: suspend () -> Created?) {
        if (busy || made != null) return
        busy = true
        launch {
            try {
                vault()?.let(::show)
            } finally {
                busy = false
            }
        }
    }

    private suspend fun withPassword(password: Typed): Created {
        shown = FirstRunState.NewPassword(busy = true)
        return withContext(blocking) {
            spent(password) { createWithPassword(platform.vault, it, true, platform.clocks.now()) }
        }
    }

    private suspend fun withDeviceLock(): Created? {
        val key = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        try {
            if (!platform.deviceLock.keep(key)) {
                refused(Reason.PRESENCE_REFUSED.named())
                return null
            }
            return withContext(blocking) { lent(key) { createWithPlatform(platform.vault, it, platform.clocks.now()) } }
        } finally {
            key.fill(0)
        }
    }

    private fun show(created: Created) {
        val core = created.authenticator
        val check = RecoveryCheck(checkNotNull(created.recoveryCode) { "a vault is always made with one" })
        lent(byteArrayOf(1)) { core.putHostRow(RecoveryCheck.UNCHECKED, it, platform.clocks.now()) }
        made = Made(core, check)
        shown = FirstRunState.WriteDown(check.groups())
    }

    private fun checkGroup(made: Made, text: Typed) {
        if (made.check.isRight(text)) {
            made.core.removeHostRows(listOf(RecoveryCheck.UNCHECKED), platform.clocks.now())
            shown = FirstRunState.AskBackup()
        } else {
            shown = FirstRunState.CheckGroup(made.check.asked, wrong = true)
        }
    }

    private suspend fun chooseFolder() {
        folder = withFile(FileRefused.FOLDER_GONE) { platform.documents.chooseFolder() } ?: return
        shown = FirstRunState.BackupPassword(platform.documents.folder(folder).name)
    }

    /** The first one is written when the vault is open, and after each change from then on. */
    private suspend fun setUpBackups(made: Made, password: Typed) {
        val page = (shown as? FirstRunState.BackupPassword)?.takeUnless { busy } ?: return password.wipe()
        busy = true
        shown = page.copy(busy = true, refusal = null)
        try {
            val now = platform.clocks.now()
            withContext(blocking) { spent(password) { made.core.setBackupPassword(it, now) } }
            made.core.setBackupPlace(BackupPlace(folder, backupsKept(), isAutomatic = true), now)
        } finally {
            busy = false
        }
        shown = FirstRunState.Ready(page.folder)
    }
}

internal const val KEY_BYTES = 32
