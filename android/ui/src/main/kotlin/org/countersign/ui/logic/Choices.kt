package org.countersign.ui.logic

import org.countersign.ui.screens.Grace
import org.countersign.ui.screens.Language

/** What the person chose in the settings. */
class Choices(private val preferences: Preferences) {
    var language: Language
        get() = Language.entries.firstOrNull { it.tag == preferences.get("language") } ?: Language.System
        set(value) = preferences.put("language", value.tag)

    var grace: Grace
        get() = Grace.entries.firstOrNull { it.name == preferences.get("grace") } ?: Grace.HalfMinute
        set(value) = preferences.put("grace", value.name)

    var blockScreenshots: Boolean by Switch("block_screenshots", default = true)
    var hideCodes: Boolean by Switch("hide_codes", default = false)
    var background: Boolean by Switch("background", default = false)
    var namesInNotifications: Boolean by Switch("names_in_notifications", default = false)

    /** Regularly, or when a push comes. */
    val looksInBackground: Boolean get() = background || PushRecord(preferences).distributor != null

    private class Switch(private val name: String, private val default: Boolean) {
        operator fun getValue(choices: Choices, property: Any?) =
            choices.preferences.get(name)?.toBooleanStrictOrNull() ?: default

        operator fun setValue(choices: Choices, property: Any?, value: Boolean) =
            choices.preferences.put(name, value.toString())
    }
}
