package org.countersign.core

import java.nio.ByteBuffer
import java.util.zip.CRC32
import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

class ScanningTest : NewVaultTest() {
    @Test
    fun `what is no picture`() {
        val png = byteArrayOf(0x89.toByte()) + "PNG\r\n\u001a\n".toByteArray()
        assertRefused(Reason.NOT_A_PICTURE) { scanPicture(direct(ByteArray(0))) }
        assertRefused(Reason.NOT_A_PICTURE) { scanPicture(direct("hello")) }
        assertRefused(Reason.PICTURE_DAMAGED) { scanPicture(direct(png + ByteArray(50))) }
        assertRefused(Reason.PICTURE_TOO_LARGE) { scanPicture(direct(png + header(100_000))) }
    }

    @Test
    fun `a photograph`() {
        val photo = ROOT.resolve("tests/fixtures/qr_photos/qrcode-6_3.png").readBytes()
        for (scanned in scanPicture(direct(photo))) assertTrue(scanned.describe().kind.isNotEmpty())
    }

    @Test
    fun frames() {
        val luma = ByteBuffer.allocateDirect(640 * 480)
        assertRefused(Reason.NO_CODE_IN_PICTURE) { scanFrame(luma, 640u, 480u, 640u) }
        val most = UInt.MAX_VALUE
        for ((width, height, stride) in listOf(Triple(640u, 481u, 640u), Triple(640u, 480u, 10u), Triple(most, most, most))) {
            assertFailsWith<CountersignException.Refused> { scanFrame(luma, width, height, stride) }
        }
    }

    @Test
    fun `a frame with a code`() {
        val account = add()
        val svg = core.setupSvg(account, now()).decodeToString()
        val size = svg.substringAfter("viewBox=\"0 0 ").substringBefore(' ').toInt()
        val (scale, stride) = 6 to size * 6 + 13
        val luma = ByteArray(stride * size * scale) { 0xf0.toByte() }
        for (module in svg.substringAfterLast("d=\"M").split('M')) {
            val (x, y) = module.substringBefore('h').split(' ').filter(String::isNotEmpty).map(String::toInt)
            for (row in y * scale until (y + 1) * scale) {
                luma.fill(0x10, row * stride + x * scale, row * stride + (x + 1) * scale)
            }
        }
        val side = (size * scale).toUInt()
        assertEquals(account, core.add(scanFrame(direct(luma), side, side, stride.toUInt()).single(), now()).id)
    }

    @Test
    fun `hostile texts`() {
        val percents = "otpauth://" + "%".repeat(100_000)
        for (text in listOf("", "\u0000\u0000", percents, "otpauth://totp/\u202e?secret=")) {
            assertNotNull(recognise(direct(text)).describe().refusal)
        }
        assertEquals(Reason.CODE_NOT_TEXT, recognise(direct(byteArrayOf(-1))).describe().refusal)
        assertEquals(Reason.TEXT_TOO_LONG, recognise(direct("x".repeat(100_000))).describe().refusal)
        // Memory that Rust can't read is refused before it gets there.
        assertFailsWith<IllegalArgumentException> { recognise(ByteBuffer.wrap("otpauth://totp/a".toByteArray())) }
    }

    @Test
    fun `what a code of another system points to`() {
        val about = recognise(direct("phonefactor://a?code=1&url=https%3A%2F%2Fb%C3%BCcher.example")).describe()
        assertEquals("xn--bcher-kva.example" to Reason.MICROSOFT_PUSH, about.foreignHost to about.refusal)
    }

    @Test
    fun organisations() {
        val link = recognise(direct(ORGANISATION))
        val about = link.describe()
        assertEquals("organisation" to "Example", about.kind to about.issuer)
        assertEquals(Origin("https://login.example/realms/a", "login.example", 443u, false), about.origin)
        val origin = about.origin!!.text
        assertRefused(Reason.TRUST_NEEDED) { core.storeOrganisation(link, "https://login.example", false, now()) }
        assertEquals(emptyList(), core.organisations(now()))
        assertEquals(Stored.ADDED, core.storeOrganisation(link, origin, false, now()))
        val other = recognise(direct(ORGANISATION.replace("=app", "=other")))
        assertRefused(Reason.ORGANISATION_EXISTS) { core.storeOrganisation(other, origin, false, now()) }
        assertEquals(Stored.REPLACED, core.storeOrganisation(other, origin, true, now()))
        assertRefused(Reason.NOT_ADDED_THIS_WAY) { core.storeOrganisation(totp("a"), origin, false, now()) }
        assertRefused(Reason.NOT_ADDED_THIS_WAY) { core.add(link, now()) }
        assertEquals(listOf(origin), core.organisations(now()))
        core.removeOrganisation(origin, now())
        assertEquals(emptyList(), core.organisations(now()))
    }

    @Test
    fun `what can't be begun`() {
        val account = add()
        assertRefused(Reason.NO_APPROVALS) { core.begin(Job.Check(account), now()) }
        assertRefused(Reason.NOT_ADDED_THIS_WAY) { core.begin(enrol(totp("a")), now()) }
        assertFailsWith<CountersignException.NoSuchAccount> { core.begin(Job.RotateKey("nobody"), now()) }
    }

    /** The header of a PNG with so many pixels a side. */
    private fun header(side: Int): ByteArray {
        val content = ByteBuffer.allocate(17).put("IHDR".toByteArray()).putInt(side).putInt(side).put(8).array()
        val sum = CRC32().apply { update(content) }.value.toInt()
        return ByteBuffer.allocate(25).putInt(13).put(content).putInt(sum).array()
    }
}

private const val ORGANISATION =
    "countersign://organisation?issuer=https%3A%2F%2Flogin.example%2Frealms%2Fa&client_id=app&name=Example"
