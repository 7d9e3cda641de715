package org.countersign.ui.logic

import java.security.SecureRandom
import kotlinx.coroutines.withContext
import org.countersign.core.CountersignException
import org.countersign.core.Way as CoreWay
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.PushEvent
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RecoveryMistake
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsMessage
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed

/** The settings. [first] is the page to begin with. */
class SettingsPresenter(
    private val session: Session,
    private val addresses: PushAddresses,
    navigator: Navigator,
    first: SettingsPage,
) : Presenter<SettingsState>(read(session, addresses, navigator, first), navigator, session.scope) {
    private val core get() = session.core
    private val platform get() = session.platform
    private val choices = Choices(platform.preferences)
    private var check: RecoveryCheck? = null

    init {
        launch { addresses.changes.collect { shown = shown.copy(pushes = addresses.facts()) } }
    }

    override fun handle(event: AppEvent) {
        when (event) {
            is SettingsEvent.OpenPage -> page(event.page)
            SettingsEvent.OpenReport -> page(SettingsPage.Report(session.report()))
            SettingsEvent.CopyReport -> copyReport()
            is SettingsEvent.SetGrace -> choose { choices.grace = event.grace }
            is SettingsEvent.SetDeviceLock -> launch { setDeviceLock(event.on) }
            is SettingsEvent.SetBlockScreenshots -> choose { choices.blockScreenshots = event.on }
            is SettingsEvent.SetHideCodes -> choose { choices.hideCodes = event.on }
            is SettingsEvent.SetBackground -> choose { setBackground(event.on) }
            is PushEvent.Choose -> choose { addresses.choose(event.distributor) }
            PushEvent.Again -> choose { addresses.again() }
            is SettingsEvent.FixNeed -> platform.background.fix(event.need)
            is SettingsEvent.SetNamesInNotifications -> choose { choices.namesInNotifications = event.on }
            is SettingsEvent.SetLanguage -> choose { navigator.language = event.language }
            is SettingsEvent.PasswordChosen -> launch { setPassword(event.password) }
            SettingsEvent.NewRecoveryCode -> launch { newRecoveryCode() }
            SettingsEvent.WrittenDown -> check?.let { page(SettingsPage.CheckGroup(it.ask())) }
            SettingsEvent.ShowAgain -> check?.let { page(SettingsPage.WriteDown(it.groups())) }
            is SettingsEvent.GroupTyped -> check?.let { checkGroup(it, event.text) }
            is SettingsEvent.TryRecoveryCode -> tryCode(event.typed)
            SettingsEvent.OpenClocks -> page(session.clocks())
            is SettingsEvent.UseForCodes -> {
                core.useForCodes(event.account, event.used, session.now())
                page(session.clocks())
            }
            SettingsEvent.OpenHistory -> navigator.open(Place.History())
            SettingsEvent.OpenBackup -> navigator.open(Place.Backup)
            SettingsEvent.OpenImport -> navigator.open(Place.Import())
            SettingsEvent.OpenExport -> navigator.open(Place.Export)
            SettingsEvent.MessageGone -> shown = shown.copy(message = null)
            else -> Unit
        }
    }

    override fun entered() = choose { }

    override fun back(): Boolean {
        if (shown.page == SettingsPage.Overview) return false
        page(if (shown.page is SettingsPage.CheckGroup) SettingsPage.RecoveryCode else SettingsPage.Overview)
        return true
    }

    override fun refused(reason: ReasonName) {
        val page = shown.page
        if (page is SettingsPage.Password) page(page.copy(busy = false, refusal = reason))
        else shown = shown.copy(message = SettingsMessage.Refused(reason))
    }

    private fun page(page: SettingsPage) {
        shown = shown.copy(page = page)
    }

    private fun choose(work: () -> Unit) {
        work()
        shown = read(session, addresses, navigator, shown.page).copy(message = shown.message)
    }

    private fun setBackground(on: Boolean) {
        choices.background = on
        session.setBackground()
    }

    private suspend fun setDeviceLock(on: Boolean) {
        when {
            on -> keepDeviceLock()
            CoreWay.PASSWORD in core.ways() -> removeDeviceLock()
            // Without it only what is written on paper would open the vault.
            else -> page(SettingsPage.Password(insteadOfLock = true))
        }
    }

    /** The lock of the device asks for the person itself. */
    private suspend fun keepDeviceLock() {
        val key = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        try {
            if (platform.deviceLock.keep(key)) lent(key) { core.setPlatform(it, session.now()) }
        } finally {
            key.fill(0)
        }
        choose { session.renewedKeys() }
    }

    private suspend fun removeDeviceLock() {
        session.needPresence()
        forgetDeviceLock()
        choose { session.renewedKeys() }
    }

    private fun forgetDeviceLock() {
        core.removeWay(CoreWay.PLATFORM, session.now())
        platform.deviceLock.forget()
    }

    /** Whoever knows a way in has the accounts, so the person is asked for before there is a new one. */
    private suspend fun setPassword(password: Typed) {
        val insteadOfLock = (shown.page as? SettingsPage.Password)?.insteadOfLock == true
        page(SettingsPage.Password(busy = true, insteadOfLock = insteadOfLock))
        try {
            session.needPresence()
            withContext(session.blocking) { spent(password) { core.setPassword(it, session.now()) } }
        } finally {
            password.wipe()
        }
        if (insteadOfLock) forgetDeviceLock()
        choose { session.renewedKeys() }
        done(SettingsMessage.PasswordSet)
    }

    private suspend fun newRecoveryCode() {
        session.needPresence()
        val new = RecoveryCheck(core.newRecoveryCode(session.now()))
        lent(byteArrayOf(1)) { core.putHostRow(RecoveryCheck.UNCHECKED, it, session.now()) }
        session.renewedKeys()
        check = new
        page(SettingsPage.WriteDown(new.groups()))
    }

    private fun checkGroup(check: RecoveryCheck, text: Typed) {
        if (!check.isRight(text)) return page(SettingsPage.CheckGroup(check.asked, wrong = true))
        core.removeHostRows(listOf(RecoveryCheck.UNCHECKED), session.now())
        this.check = null
        done(SettingsMessage.RecoveryCodeMade)
    }

    private fun tryCode(typed: Typed) {
        val tries = (shown.page as? SettingsPage.TryCode)?.tries ?: 0
        try {
            if (spent(typed, core::checkRecoveryCode)) return done(SettingsMessage.RecoveryCodeRight)
            page(SettingsPage.TryCode(RecoveryMistake.Other, tries + 1))
        } catch (error: CountersignException.WrongRecoveryCode) {
            page(SettingsPage.TryCode(error.mistake.shown(), tries + 1))
        }
    }

    private fun copyReport() {
        val report = shown.page as? SettingsPage.Report ?: return
        platform.clipboard.put(report.text)
        shown = shown.copy(message = SettingsMessage.ReportCopied)
    }

    private fun done(message: SettingsMessage) {
        shown = shown.copy(page = SettingsPage.Overview, message = message)
    }
}
