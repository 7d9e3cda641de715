package org.countersign.app

import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import androidx.lifecycle.LifecycleRegistry
import androidx.savedstate.SavedStateRegistryController
import androidx.savedstate.SavedStateRegistryOwner

/**
 * The activity's life as Compose wants to be told it. Nothing is ever saved by it: what the system keeps of a screen would
 * lie outside of the vault.
 */
internal class ScreenOwner : LifecycleOwner, SavedStateRegistryOwner {
    private val registry = LifecycleRegistry(this)
    private val saved = SavedStateRegistryController.create(this)

    override val lifecycle: Lifecycle get() = registry

    override val savedStateRegistry get() = saved.savedStateRegistry

    fun created() {
        saved.performRestore(null)
        registry.currentState = Lifecycle.State.CREATED
    }

    fun seen() {
        registry.currentState = Lifecycle.State.RESUMED
    }

    fun unseen() {
        registry.currentState = Lifecycle.State.CREATED
    }

    fun destroyed() {
        registry.currentState = Lifecycle.State.DESTROYED
    }
}
