package org.countersign.app

import android.content.Context
import android.content.pm.PackageManager
import org.countersign.ui.logic.Pushes
import org.countersign.ui.screens.Distributor
import org.unifiedpush.android.connector.INSTANCE_DEFAULT
import org.unifiedpush.android.connector.UnifiedPush
import org.unifiedpush.android.connector.data.PublicKeySet
import org.unifiedpush.android.connector.keys.KeyManager

/** Apps that receive pushes for others, by UnifiedPush. What they say arrives at [PushReceiver]. */
internal class PhonePushes(private val context: Context) : Pushes {
    override fun distributors() = UnifiedPush.getDistributors(context).map { Distributor(it, nameOf(it)) }

    /** One registration for all accounts: a server that knows it can wake this app, and learns of no other. */
    override fun register(distributor: String) {
        UnifiedPush.saveDistributor(context, distributor)
        UnifiedPush.register(context, INSTANCE_DEFAULT, messageForDistributor = null, vapid = null, NoKeys)
    }

    override fun unregister() = UnifiedPush.removeDistributor(context, NoKeys)

    private fun nameOf(id: String): String = try {
        val packages = context.packageManager
        packages.getApplicationLabel(packages.getApplicationInfo(id, 0)).toString()
    } catch (_: PackageManager.NameNotFoundException) {
        id
    }
}

/** Nothing of a push is read: there are no keys to read one with, and no sender is given any. */
internal object NoKeys : KeyManager {
    override fun decrypt(instance: String, sealed: ByteArray): ByteArray? = null

    override fun generate(instance: String) = Unit

    override fun getPublicKeySet(instance: String): PublicKeySet? = null

    override fun exists(instance: String) = true

    override fun delete(instance: String) = Unit
}
