package org.countersign.app

import android.content.Context
import android.content.SharedPreferences
import org.countersign.ui.logic.Preferences

/** The choices of the person, and what keys of the Keystore have sealed. */
internal class PhonePreferences(context: Context) : Preferences {
    val kept: SharedPreferences = context.getSharedPreferences("countersign", Context.MODE_PRIVATE)

    override fun get(name: String): String? = kept.getString(name, null)

    /** Written before it returns: a head or a sealed key that is lost would be missed. */
    override fun put(name: String, value: String?) {
        kept.edit().apply { if (value == null) remove(name) else putString(name, value) }.commit()
    }
}
