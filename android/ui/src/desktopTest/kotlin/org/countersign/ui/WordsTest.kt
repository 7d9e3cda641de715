package org.countersign.ui

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.words.Words

/** The files of words are read here as plain text, not by the class that the app reads them with. */
class WordsTest {
    private val root = generateSequence(File("").absoluteFile, File::getParentFile).first { File(it, "words").isDirectory }

    private fun lines(file: String): List<Pair<String, String>> =
        File(root, "words/$file").readLines().filter { it.isNotBlank() && !it.startsWith("#") }.map { line ->
            val (key, value) = Regex("""([a-z0-9_]+(?:\.[a-z0-9_]+)*) = (\S.*\S|\S)""").matchEntire(line)?.destructured
                ?: error("$file: not `key = value`: $line")
            key to value
        }

    private fun places(text: String) = Regex("""\{(\w+)}""").findAll(text).map { it.groupValues[1] }.sorted().toList()

    @Test
    fun `both languages have the same keys and places`() {
        for (kind in listOf("app", "reasons")) {
            val english = lines("$kind.en.properties")
            val japanese = lines("$kind.ja.properties")
            assertEquals(english.map { it.first }, japanese.map { it.first }, "keys of $kind in their order")
            assertEquals(english.toMap().size, english.size, "a key is there twice in $kind")
            for ((key, text) in english) assertEquals(places(text), places(japanese.toMap().getValue(key)), key)
            for ((key, text) in english + japanese) assertTrue('\\' !in text && '\t' !in text, "$key has an escape")
        }
    }

    @Test
    fun `every key that the screens use is there, and every key is used`() {
        val keys = lines("app.en.properties").map { it.first }.toSet()
        val used = usedInKotlin()
        assertEquals(emptySet(), used - keys, "used, but not in the file")
        val elsewhere = sources("ios", "swift").flatMap { Regex("\"([a-z0-9_.]+)\"").findAll(it).map { hit -> hit.groupValues[1] } }
        val odd = keys.filter { it.startsWith("odd.") }
        // The next tap of a reason is looked up by the reason's own name.
        val nexts = used.map { "$it.next" }
        val unused = keys - used - elsewhere.toSet() - odd.toSet() - nexts.toSet()
        assertEquals(emptySet(), unused, "in the file, but not used")
    }

    /** Keys stand in the source as they are: in a call of `words`, or as a text with a dot whose first word begins a key. */
    private fun usedInKotlin(): Set<String> {
        val sections = lines("app.en.properties").map { it.first.substringBefore('.') }.toSet()
        return sources("android/ui/src/main", "kt").flatMap { source ->
            val counted = Regex("""counted\("([a-z0-9_.]+)"""").findAll(source).map { it.groupValues[1] }.toList()
            val called = Regex("""(?:words|this|invoke)\("([a-z0-9_.]+)"""").findAll(source).map { it.groupValues[1] }
            val dotted = Regex(""""([a-z0-9_]+(?:\.[a-z0-9_]+)+)"""").findAll(source).map { it.groupValues[1] }
                .filter { it.substringBefore('.') in sections }
            counted.flatMap { listOf("$it.one", "$it.many") } + (called + dotted).filter { it !in counted && !it.endsWith('.') }
        }.toSet()
    }

    private fun sources(folder: String, extension: String): List<String> =
        File(root, folder).walk().onEnter { it.name != "target" && it.name != ".build" }
            .filter { it.extension == extension }.map(File::readText).toList()

    @Test
    fun `the sheet to print says what that of the command line says`() {
        val there = File(root, "cli/src/words/export.rs").readText()
        for (language in listOf("en", "ja")) {
            val sheet = lines("app.$language.properties").filter { it.first.startsWith("sheet.") || it.first == "export.done.sheet" }
            assertEquals(11, sheet.size)
            for ((key, text) in sheet) assertTrue("\"$text\"" in there, "$language: $key")
        }
    }

    @Test
    fun `every reason of the core has what it is and the next tap`() {
        val texts = lines("reasons.en.properties").toMap()
        val reasons = variants("core/src/reason.rs", "\nreasons! {")
        assertTrue(reasons.size > 90, "${reasons.size} reasons were found")
        for (reason in reasons) assertTrue(texts.keys.containsAll(listOf(reason, "$reason.next")), reason)
        assertEquals(reasons.size * 2, texts.size, "words of a reason that the core does not have")
    }

    @Test
    fun `a refused key is called what its field is called`() {
        for (language in listOf("en", "ja")) {
            val field = lines("app.$language.properties").toMap().getValue("add.type.secret")
            val about = (lines("reasons.$language.properties") + lines("app.$language.properties"))
                .filter { (name) -> Regex("(odd\\.)?secret_[a-z0-9_]+").matches(name) }
            assertEquals(7, about.size)
            for ((name, text) in about) assertTrue(text.contains(field, ignoreCase = true), "$language: $name")
        }
    }

    @Test
    fun `everything odd in a set-up code has words`() {
        val texts = lines("app.en.properties").toMap().keys.filter { it.startsWith("odd.") }.toSet()
        assertEquals(variants("bindings/src/values.rs", "    Odd {").map { "odd.$it" }.toSet(), texts)
    }

    /** The names of an enum's variants in a Rust file, in snake case. */
    private fun variants(file: String, start: String): List<String> {
        val lines = File(root, file).readText().substringAfter(start).lines().filterNot { it.trim().startsWith("//") }
        return lines.joinToString(" ").substringBefore('}').split(',', ' ')
            .map(String::trim).filter { it.matches(Regex("[A-Z][A-Za-z0-9]+")) }
            .map { it.replace(Regex("(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")) { hit -> "_" + hit.value }.lowercase() }
    }

    @Test
    fun `places are filled, numbers choose, unknown reasons have words`() {
        val words = Words.of(Language.English)
        assertEquals("1 second left", words.counted("seconds.left", 1))
        assertEquals("2 seconds left", words.counted("seconds.left", 2))
        assertEquals("残り 2 秒", Words.of(Language.Japanese).counted("seconds.left", 2))
        assertTrue("made_up" in words.what(ReasonName("made_up")))
        assertEquals(words("reason.other.next"), words.next(ReasonName("made_up")))
    }
}
