package org.countersign.app

import android.app.job.JobParameters
import android.app.job.JobService
import java.security.GeneralSecurityException
import java.security.ProviderException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.countersign.core.Background
import org.countersign.core.CountersignException
import org.countersign.ui.logic.lent

/** One look at every account while nobody is there. */
class CheckJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    private var look: Job? = null

    override fun onStartJob(parameters: JobParameters): Boolean {
        look = scope.launch {
            look()
            jobFinished(parameters, false)
        }
        return true
    }

    /** The system takes its time back; the next look comes by itself. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        look?.cancel()
        return false
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private suspend fun look() {
        val key = watchKey() ?: return
        try {
            lent(key) { Background.open(vault().path, it) }.use { background ->
                val look = BackgroundLook(background, PhoneClocks, sender(), KeystoreKeys(this))
                SignInNotifications(this).show(look.atAll(), background::label)
            }
        } catch (_: CountersignException) {
            // No vault, or a newer watch key: the app tells when it is opened, and begins anew.
        } finally {
            key.fill(0)
        }
    }

    private fun watchKey(): ByteArray? = try {
        val seal = KeystoreSeal(WATCH, PhonePreferences(this), forPerson = false)
        seal.toOpen()?.let(seal::open)
    } catch (_: GeneralSecurityException) {
        null
    } catch (_: ProviderException) {
        null
    }
}
