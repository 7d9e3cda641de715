package org.countersign.app

import android.view.View
import kotlin.test.fail
import org.countersign.ui.logic.App
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.ScreenState
import org.robolectric.Shadows.shadowOf
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController
import android.content.Intent
import android.content.pm.ApplicationInfo.FLAG_DEBUGGABLE
import android.os.Looper
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.Typed

/** The activity without pictures: what is on screen is read as a state. */
class MainActivity : PhoneActivity() {
    lateinit var shown: App

    override fun screens(app: App) = View(this).also { shown = app }
}

/** A test build, as it may speak to the practice site. */
fun launched(intent: Intent = Intent(Intent.ACTION_MAIN)): ActivityController<MainActivity> {
    val application = RuntimeEnvironment.getApplication().applicationInfo
    application.flags = application.flags or FLAG_DEBUGGABLE
    return Robolectric.buildActivity(MainActivity::class.java, intent).setup()
}

val ActivityController<MainActivity>.app get() = get().shown

/** The app works on threads of its own: waits until it shows a screen of this kind. */
inline fun <reified S : ScreenState> ActivityController<MainActivity>.sees(
    crossinline such: (S) -> Boolean = { true },
): S {
    var screen: ScreenState? = null
    waitFor("${S::class.simpleName}, but there is", { screen }) {
        screen = app.state.value?.screen
        (screen as? S)?.let(such) == true
    }
    return screen as S
}

fun waitFor(what: String, instead: () -> Any? = { null }, done: () -> Boolean) {
    // Two minutes, for a machine with other work.
    repeat(12_000) {
        shadowOf(Looper.getMainLooper()).idle()
        if (done()) return
        Thread.sleep(10)
    }
    fail("waited for $what ${instead()}")
}

fun ActivityController<MainActivity>.does(vararg events: AppEvent) = events.forEach(app::on)

const val PASSWORD = "correct horse battery staple"

/** Past the first run, with a password. */
fun ActivityController<MainActivity>.firstRun() {
    sees<FirstRunState.Welcome>()
    does(FirstRunEvent.Begin, FirstRunEvent.UsePassword, FirstRunEvent.PasswordChosen(Typed(PASSWORD)))
    val groups = sees<FirstRunState.WriteDown>().groups
    does(FirstRunEvent.WrittenDown)
    val asked = sees<FirstRunState.CheckGroup>().group
    does(FirstRunEvent.GroupTyped(Typed(groups[asked - 1].text)), FirstRunEvent.NoBackupNow, FirstRunEvent.Finish)
    sees<AccountsState>()
}
