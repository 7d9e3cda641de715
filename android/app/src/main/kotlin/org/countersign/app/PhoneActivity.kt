package org.countersign.app

import android.app.Activity
import android.content.Intent
import android.content.SharedPreferences
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.view.View
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import org.countersign.ui.logic.App
import org.countersign.ui.logic.Choices
import org.countersign.ui.screens.AppEvent

/**
 * The one activity: the app's life by the system's, and what comes from outside. It is not made anew when the device is
 * turned or its settings change (see the manifest), so it ends with the vault locked.
 */
abstract class PhoneActivity : Activity() {
    protected lateinit var app: App
        private set

    private lateinit var preferences: PhonePreferences
    private lateinit var pictures: PhonePictures
    private lateinit var dialogs: SystemDialogs
    private lateinit var notifications: SignInNotifications
    private val later = Handler(Looper.getMainLooper())
    private val leave = Runnable { app.left() }

    /** Held here: the system keeps it weakly. */
    private val chosen = SharedPreferences.OnSharedPreferenceChangeListener { _, _ -> runOnUiThread(::coverScreen) }

    /** What draws the app. */
    protected abstract fun screens(app: App): View

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        preferences = PhonePreferences(this).also { it.kept.registerOnSharedPreferenceChangeListener(chosen) }
        dialogs = SystemDialogs(this)
        pictures = PhonePictures(this, dialogs)
        notifications = SignInNotifications(this)
        val scope = CoroutineScope(SupervisorJob() + oneAtATime())
        val phone = phone(this, preferences, pictures, PhoneDocuments(this, dialogs))
        app = App(phone, scope, Dispatchers.IO)
        PushReceiver.open = app
        coverScreen()
        scope.launch {
            app.state.map { it?.isCovered }.distinctUntilChanged().collect { runOnUiThread(::coverScreen) }
        }
        setContentView(screens(app))
        if (saved == null) open(intent)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        open(intent)
    }

    override fun onStart() {
        super.onStart()
        later.removeCallbacks(leave)
        notifications.clear()
        app.returned()
    }

    /** While a person chooses a picture or a file in another app, the grace time begins a little later. */
    override fun onStop() {
        if (dialogs.isOpen) later.postDelayed(leave, CHOOSING_MS) else app.left()
        super.onStop()
    }

    override fun onDestroy() {
        later.removeCallbacks(leave)
        preferences.kept.unregisterOnSharedPreferenceChangeListener(chosen)
        if (PushReceiver.open === app) PushReceiver.open = null
        app.close()
        super.onDestroy()
    }

    @Suppress("OVERRIDE_DEPRECATION")
    override fun onBackPressed() = app.on(AppEvent.Back)

    @Suppress("OVERRIDE_DEPRECATION")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) = dialogs.answered(result, data)

    override fun onRequestPermissionsResult(request: Int, permissions: Array<String>, results: IntArray) =
        pictures.answered()

    private fun open(intent: Intent) {
        when (val wish = Wish.of(intent)) {
            is Wish.Read -> app.opened(wish.text)
            is Wish.Files -> app.opened(wish.files.map { PhoneDocument(contentResolver, it) })
            Wish.Look -> app.openedRequests()
            Wish.None -> Unit
        }
        // A link is taken once, and is not kept by the system for the next time.
        setIntent(Intent())
    }

    private fun coverScreen() {
        val covered = Choices(preferences).blockScreenshots || app.state.value?.isCovered == true
        window.setFlags(if (covered) FLAG_SECURE else 0, FLAG_SECURE)
    }

    private fun oneAtATime() = Dispatchers.Default.limitedParallelism(1)

    private companion object {
        const val CHOOSING_MS = 120_000L
    }
}
