package org.countersign.app

import android.content.ClipData
import android.content.Intent
import android.net.Uri
import java.util.Base64
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.TiqrServer
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.UnlockState
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** What other apps can make this one do: show what a link is, and look. */
@RunWith(RobolectricTestRunner::class)
class WishTest {
    @get:Rule val keystore = PlayedKeystore()

    private fun shared(text: String?) =
        Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)

    private fun link(text: String) = Intent(Intent.ACTION_VIEW, Uri.parse(text))

    @Test
    fun `a set-up link is shown and added only by the person`() {
        val phone = launched().apply { firstRun() }
        phone.newIntent(link("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEE&issuer=Example"))
        assertEquals("Example" to "alice", phone.sees<AddState.Confirm>().found.let { it.issuer to it.name })
        assertEquals(null, phone.get().intent.data)
    }

    @Test
    fun `a link that a sign-in waits makes it look, whatever number it brings`() {
        val phone = launched().apply { firstRun() }
        phone.newIntent(link("my-secure://confirm?token=${confirmation()}"))
        val screen = phone.sees<RequestsState>()
        assertTrue(screen.samePhone)
        assertEquals(null, screen.open)
    }

    /** A token as Keycloak makes it, with a number in it. */
    private fun confirmation(): String {
        val claims = """{"typ":1,"ver":1,"iss":"https://a.example","userVerification":"34"}"""
        val parts = listOf("""{"alg":"none"}""", claims, "x")
        return parts.joinToString(".") { Base64.getUrlEncoder().withoutPadding().encodeToString(it.toByteArray()) }
    }

    @Test
    fun `tiqr's links on this phone ask first`() = TiqrServer().use { server ->
        val phone = launched().apply { firstRun() }
        phone.newIntent(link(server.setUp))
        assertEquals("127.0.0.1", phone.sees<AddState.Trust>().server.host)
        phone.does(AddEvent.TrustAnswered(true))
        phone.sees<AddState.Added>()
        phone.newIntent(link(server.signIn))
        val open = phone.sees<RequestsState> { it.open != null }.open
        assertEquals("Example tiqr", open?.signIn?.application)
        assertIs<RequestPhase.Asking>(open?.phase)
        Unit
    }

    @Test
    fun `while it is locked a link waits`() {
        launched().apply { firstRun() }.destroy()
        val phone = launched(Intent(Wish.LOOK))
        assertTrue(phone.sees<UnlockState> { it.requestWaits }.requestWaits)
    }

    @Test
    fun `hostile intents end with a reason or with nothing`() {
        val phone = launched().apply { firstRun() }
        for (text in listOf(
            "otpauth://", "otpauth:%00%ff", "otpauth://totp/%2f%2e%2e?secret=&secret=!!",
            "otpauth://totp/x?secret=${"A".repeat(100_000)}", "countersign://organisation?issuer=http://evil",
            "pia://pipush/x?url=https://user:pass@evil/", "my-secure://enroll?token=...",
        )) {
            phone.newIntent(link(text))
            phone.sees<AddState.CantAdd>()
            phone.does(AddEvent.Done)
            phone.sees<AccountsState>()
        }
        for (intent in listOf(
            Intent(), Intent(Intent.ACTION_VIEW), Intent("org.countersign.app.APPROVE"),
            shared(null), shared("  "), Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, 42),
            link("otpauth://totp/x?secret=JBSWY3DP").addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY),
        )) {
            assertEquals(Wish.None, Wish.of(intent), intent.toString())
            phone.newIntent(intent)
        }
        phone.sees<AccountsState>()
    }

    @Test
    fun `a shared file is looked at, and nothing of this app's own`() {
        val phone = launched().apply { firstRun() }
        val uri = Uri.parse("content://other.app/export")
        shadowOf(phone.get().contentResolver)
            .registerInputStream(uri, "otpauth://totp/A:a?secret=JBSWY3DPEHPK3PXPJBSWY3DPEE&issuer=A".byteInputStream())
        phone.newIntent(sharedFile(uri))
        val preview = phone.sees<ImportState> { it.page is ImportPage.Preview }.page as ImportPage.Preview
        assertEquals(listOf("A" to "a"), preview.rows.map { it.issuer to it.name })
        for (own in listOf("file:///data/data/org.countersign/no_backup/vault.db", "vault.db", "https://a.example/x")) {
            assertEquals(Wish.None, Wish.of(sharedFile(Uri.parse(own))), own)
        }
    }

    private fun sharedFile(uri: Uri) = Intent(Intent.ACTION_SEND).setType("application/json")
        .apply { clipData = ClipData.newRawUri("", uri) }

    @Test
    fun `a shared text is read as a link is`() {
        val wish = Wish.of(shared("otpauth://totp/x"))
        assertEquals("otpauth://totp/x", assertIs<Wish.Read>(wish).text.chars.concatToString())
    }
}
