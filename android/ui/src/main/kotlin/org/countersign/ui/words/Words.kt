package org.countersign.ui.words

import java.util.Locale
import java.util.Properties
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName

/** Every text of the screens in one language, read from `words/app.*` and `words/reasons.*`. */
class Words private constructor(val locale: Locale, private val texts: Map<String, String>) {
    /** The text of a key, its `{name}` places filled. */
    operator fun invoke(key: String, vararg places: Pair<String, Any>): String =
        places.fold(texts[key] ?: key) { text, (name, value) -> text.replace("{$name}", value.toString()) }

    /** The text for a number of things: `key.one` for exactly one, else `key.many`; `{count}` is the number. */
    fun counted(key: String, count: Int, vararg places: Pair<String, Any>): String =
        invoke(if (count == 1) "$key.one" else "$key.many", "count" to count, *places)

    /** Several texts as one list. */
    fun listed(texts: List<String>): String =
        texts.filter(String::isNotBlank)
            .reduceOrNull { first, second -> invoke("list.pair", "first" to first, "second" to second) }
            .orEmpty()

    /** What a reason is. */
    fun what(reason: ReasonName): String = texts[reason.name] ?: invoke("reason.other", "name" to reason.name)

    /** The next tap after a reason. */
    fun next(reason: ReasonName): String = texts["${reason.name}.next"] ?: invoke("reason.other.next")

    companion object {
        val languages = listOf("en", "ja")

        /** The words of a chosen language, or of [system] where there are words for it, else English. */
        fun of(language: Language, system: Locale = Locale.getDefault()): Words =
            read(language.tag ?: system.language.takeIf(languages::contains) ?: "en")

        private fun read(language: String): Words {
            val texts = Properties()
            for (file in listOf("reasons", "app")) {
                val stream = checkNotNull(Words::class.java.getResourceAsStream("/$file.$language.properties"))
                stream.reader(Charsets.UTF_8).use(texts::load)
            }
            return Words(Locale.forLanguageTag(language), texts.entries.associate { "${it.key}" to "${it.value}" })
        }
    }
}
