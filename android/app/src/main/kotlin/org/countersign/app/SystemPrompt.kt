package org.countersign.app

import android.app.Activity
import android.hardware.biometrics.BiometricManager.Authenticators.BIOMETRIC_STRONG
import android.hardware.biometrics.BiometricManager.Authenticators.DEVICE_CREDENTIAL
import android.hardware.biometrics.BiometricPrompt
import android.hardware.biometrics.BiometricPrompt.AuthenticationCallback
import android.hardware.biometrics.BiometricPrompt.AuthenticationResult
import android.hardware.biometrics.BiometricPrompt.CryptoObject
import android.os.CancellationSignal
import javax.crypto.Cipher
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import org.countersign.ui.words.Words

/** Fingerprint, face, or what unlocks the screen, in the system's own dialog. */
internal class SystemPrompt(private val activity: Activity, private val words: () -> Words) : PresencePrompt {
    override suspend fun ask(cipher: Cipher?): Boolean = suspendCancellableCoroutine { waiting ->
        val cancel = CancellationSignal()
        waiting.invokeOnCancellation { cancel.cancel() }
        activity.runOnUiThread { dialog().show(cipher, cancel, Answers(waiting)) }
    }

    private fun dialog(): BiometricPrompt = BiometricPrompt.Builder(activity)
        .setTitle(words()("app.name"))
        .setSubtitle(words()("unlock.device.body"))
        .setAllowedAuthenticators(BIOMETRIC_STRONG or DEVICE_CREDENTIAL)
        .setConfirmationRequired(true)
        .build()

    private fun BiometricPrompt.show(cipher: Cipher?, cancel: CancellationSignal, answers: Answers) {
        if (cipher == null) authenticate(cancel, activity.mainExecutor, answers)
        else authenticate(CryptoObject(cipher), cancel, activity.mainExecutor, answers)
    }

    /** A finger that does not fit is not the end: the dialog stays. */
    private class Answers(private val waiting: CancellableContinuation<Boolean>) : AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: AuthenticationResult?) = answer(true)

        override fun onAuthenticationError(code: Int, text: CharSequence?) = answer(false)

        private fun answer(there: Boolean) {
            if (waiting.isActive) waiting.resume(there)
        }
    }
}
