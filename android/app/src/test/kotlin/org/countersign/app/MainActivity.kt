package org.countersign.app

import android.app.job.JobParameters
import android.content.Intent
import android.content.pm.ApplicationInfo.FLAG_DEBUGGABLE
import android.net.Uri
import android.os.Looper
import android.view.View
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.test.fail
import org.countersign.core.Browser
import org.countersign.core.PracticeSite
import org.countersign.ui.logic.App
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.screens.Typed
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadow.api.Shadow
import org.robolectric.util.ReflectionHelpers

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

/**
 * Sets up the account of the page by its link, with a key of the Keystore, and goes back to the list; a sign-in waits
 * then, and the page shows its number.
 */
fun ActivityController<MainActivity>.setUpAt(site: PracticeSite): Browser {
    val browser = Browser(site.base).signIn("alice")
    newIntent(Intent(Intent.ACTION_VIEW, Uri.parse(browser.setUp())))
    sees<AddState.Trust>()
    does(AddEvent.TrustAnswered(true))
    assertTrue(sees<AddState.Added>().approvals)
    browser.tryOut()
    does(AddEvent.Done)
    sees<AccountsState>()
    return browser
}

/** The system's call of a job, to its end. */
fun look(job: Int) {
    val service = Robolectric.buildService(CheckJob::class.java).create().get()
    val parameters = Shadow.newInstanceOf(JobParameters::class.java)
    ReflectionHelpers.setField(parameters, "jobId", job)
    assertTrue(service.onStartJob(parameters))
    waitFor("the end of the job") { shadowOf(service).isJobFinished }
    assertFalse(shadowOf(service).isRescheduleNeeded)
}
