@file:Suppress("ClassName")

package org.countersign.app

/** In place of what Gradle makes of `src/main/res`: the sources compile without it, and the tests look at numbers only. */
internal object R {
    object drawable {
        const val notification = android.R.drawable.ic_lock_lock
    }

    object color {
        const val accent = android.R.color.black
    }
}
