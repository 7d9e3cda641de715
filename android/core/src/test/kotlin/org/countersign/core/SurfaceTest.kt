package org.countersign.core

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.streams.asSequence
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The generated text, and that the contract tests leave nothing of it out. */
class SurfaceTest {
    private val generated = Path.of(System.getProperty("generated"), "org/countersign/core/countersign_ffi.kt").readText()
    private val tests = Files.walk(Path.of("src/test/kotlin")).asSequence()
        .filter { it.extension == "kt" && it.name != "SurfaceTest.kt" }.joinToString("\n") { it.readText() }

    @Test
    fun `names are those that uniffi toml gives`() {
        // A misspelt setting there is passed over without a word: what counts is the text.
        assertTrue("\npackage org.countersign.core\n" in generated)
        assertTrue("\"countersign_ffi\"" in generated)
        val records = Regex("data class \\w+ ?\\((.*?)\\)", RegexOption.DOT_MATCHES_ALL).findAll(generated)
        assertFalse(records.any { "var `" in it.value })
    }

    @Test
    fun `every exported item is used by a test`() {
        val functions = Regex("\\bfun `(\\w+)`\\(").findAll(generated).map { it.groupValues[1] }
        val given = listOf(Job::class, Event::class, PushAddress::class, CountersignException::class)
        val variants = given.flatMap { type -> type.java.declaredClasses.filter(type.java::isAssignableFrom).map { it.simpleName } }
        val constants = (Shelf.entries + Way.entries).map { it.name }
        val items = (functions + variants + constants).toSet()
        assertTrue(items.size > 80, "only ${items.size} items were found")
        assertEquals(emptyList(), items.filterNot { Regex("\\b$it\\b") in tests })
        println("counted: Kotlin: ${items.size} exported functions, errors and variants, each used by a test")
    }

    @Test
    fun `reasons are those of the core, and each has its words`() {
        val table = ROOT.resolve("core/src/reason.rs").readText().substringAfter("\nreasons! {").substringBefore("\n}")
        val names = Regex("^ {4}(\\w+),$", RegexOption.MULTILINE).findAll(table).map { constantName(it.groupValues[1]) }
        assertEquals(names.toList(), Reason.entries.map { it.name })
        for (language in listOf("en", "ja")) {
            val words = ROOT.resolve("words/reasons.$language.properties").readText()
            for (reason in Reason.entries.map { it.name.lowercase() }) {
                assertTrue("\n$reason = " in words && "\n$reason.next = " in words, "$language: $reason")
            }
        }
    }
}
