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
import org.countersign.core.SeenRequest
import org.countersign.ui.logic.lent

/** Looks while nobody is there: one at the accounts whose turn it is, or, for a push, at every account. */
class CheckJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)

    /** Both may go on at once. */
    private val looks = mutableMapOf<Int, Job>()

    override fun onStartJob(parameters: JobParameters): Boolean {
        looks[parameters.jobId] = scope.launch {
            if (parameters.isForPush) PushReceiver.bell.answer { look { atAll(it) } } else look { atDue(it) }
            jobFinished(parameters, false)
        }
        return true
    }

    /** The system takes its time back; the next regular look comes by itself. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        looks.remove(parameters.jobId)?.cancel()
        return parameters.isForPush
    }

    private val JobParameters.isForPush get() = jobId == PushReceiver.JOB

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private suspend fun look(find: suspend BackgroundLook.(tell: (List<SeenRequest>) -> Unit) -> Unit) {
        val key = watchKey() ?: return
        try {
            val open = { lent(key) { Background.open(vault().path, it) } }
            val notifications = SignInNotifications(this)
            open().use { names ->
                val look = BackgroundLook(open, PhoneClocks, sender(), KeystoreKeys(this))
                look.find { notifications.show(it, names::label) }
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
