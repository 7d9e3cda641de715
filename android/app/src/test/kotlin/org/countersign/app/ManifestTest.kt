package org.countersign.app

import java.io.File
import java.util.Properties
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Test
import org.w3c.dom.Element

/** The files that only Gradle's build reads: here they are read as what they are. */
class ManifestTest {
    private val manifest = xml("AndroidManifest.xml")

    private fun xml(file: String): Element =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File("src/main/$file")).documentElement

    private fun Element.all(tag: String): List<Element> =
        getElementsByTagName(tag).let { found -> List(found.length) { found.item(it) as Element } }

    private fun Element.one(tag: String) = all(tag).single()

    private operator fun Element.get(name: String): String = getAttribute("android:$name")

    @Test
    fun `no more is asked for than is used`() {
        assertEquals(
            setOf(
                "INTERNET", "ACCESS_NETWORK_STATE", "CAMERA", "USE_BIOMETRIC", "POST_NOTIFICATIONS",
                "RECEIVE_BOOT_COMPLETED", "WAKE_LOCK",
            ),
            manifest.all("uses-permission").map { it["name"].removePrefix("android.permission.") }.toSet(),
        )
        assertEquals("false", manifest.one("uses-feature")["required"])
    }

    @Test
    fun `other apps reach the activity by links of set-ups and sign-ins, by texts and files, and what takes pushes`() {
        val (activity, picker) = manifest.all("activity")
        assertEquals(".MainActivity" to "true", activity["name"] to activity["exported"])
        val filters = activity.all("intent-filter").associateBy { filter ->
            filter.all("action").joinToString { it["name"].substringAfterLast('.') }
        }
        assertEquals(setOf("MAIN", "VIEW", "SEND, SEND_MULTIPLE"), filters.keys)
        assertEquals(
            setOf(
                "otpauth", "apple-otpauth", "otpauth-migration", "countersign", "pia", "edumfa-push", "my-secure",
                "tiqrenroll", "tiqrauth",
            ),
            filters.getValue("VIEW").all("data").map { it["scheme"] }.toSet(),
        )
        assertEquals(
            listOf("image/*", "text/*", "application/*"),
            filters.getValue("SEND, SEND_MULTIPLE").all("data").map { it["mimeType"] },
        )
        val service = manifest.one("service")
        assertEquals("android.permission.BIND_JOB_SERVICE" to "false", service["permission"] to service["exported"])
        val (pushes, theirs) = manifest.all("receiver")
        assertEquals(".PushReceiver" to "true", pushes["name"] to pushes["exported"])
        assertEquals(
            setOf("MESSAGE", "NEW_ENDPOINT", "REGISTRATION_FAILED", "TEMP_UNAVAILABLE", "UNREGISTERED"),
            pushes.all("action").map { it["name"].removePrefix("org.unifiedpush.android.connector.") }.toSet(),
        )
        for (left in listOf(picker, theirs)) assertEquals("remove", left.getAttribute("tools:node"))
    }

    @Test
    fun `nothing goes into a backup of the system or over plain HTTP`() {
        val application = manifest.one("application")
        assertEquals("false" to "false", application["allowBackup"] to application["usesCleartextTraffic"])
        val rules = xml("res/xml/data_extraction_rules.xml")
        for (way in listOf("cloud-backup", "device-transfer")) {
            val left = rules.one(way)
            assertTrue(left.all("include").isEmpty())
            assertEquals(
                setOf("root", "file", "database", "sharedpref", "external"),
                left.all("exclude").map { it.getAttribute("domain") }.toSet(),
            )
            assertTrue(left.all("exclude").all { it.getAttribute("path") == "." })
        }
    }

    @Test
    fun `name, sign and colours are those of the screens`() {
        for ((language, folder) in listOf("en" to "values", "ja" to "values-ja")) {
            val words = Properties().apply { File("../../words/app.$language.properties").reader().use(::load) }
            assertEquals(words["app.name"], xml("res/$folder/strings.xml").one("string").textContent)
        }
        val source = File("../ui/src/main/kotlin/org/countersign/ui/parts/Logo.kt").readText()
        for (file in listOf("launcher_foreground", "notification")) {
            val paths = xml("res/drawable/$file.xml").all("path").map { it["pathData"] }
            assertEquals(Regex("stroke\\(\"([^\"]+)\"").findAll(source).map { it.groupValues[1] }.toList(), paths)
        }
        val colours = File("../ui/src/main/kotlin/org/countersign/ui/theme/Colours.kt").readText()
        for ((folder, scheme) in listOf("values" to "= lightColorScheme", "values-night" to "= darkColorScheme")) {
            val ours = colours.substringAfter(scheme)
            for (colour in xml("res/$folder/colors.xml").all("color")) {
                val role = mapOf("accent" to "primary", "ground" to "background").getValue(colour.getAttribute("name"))
                val expected = Regex(" $role = Color\\(0xFF(\\w+)\\)").find(ours)?.groupValues?.get(1)
                assertEquals(expected, colour.textContent.drop(1))
            }
        }
    }
}
