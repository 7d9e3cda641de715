package org.countersign.app

import android.content.ClipData
import android.content.ClipDescription
import android.content.ClipboardManager
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment

@RunWith(RobolectricTestRunner::class)
class ClipboardTest {
    private val context = RuntimeEnvironment.getApplication()
    private val system = context.service<ClipboardManager>()
    private val clipboard = PhoneClipboard(context)

    @Test
    fun `a code is marked as sensitive`() {
        clipboard.put("123456")
        assertEquals("123456", clipboard.text())
        assertTrue(system.primaryClipDescription!!.extras.getBoolean(ClipDescription.EXTRA_IS_SENSITIVE))
    }

    @Test
    fun `it is taken away, but nothing else is`() {
        clipboard.put("123456")
        clipboard.clear("123456")
        assertFalse(system.hasPrimaryClip())
        assertNull(clipboard.text())

        system.setPrimaryClip(ClipData.newPlainText(null, "of another app"))
        clipboard.clear("123456")
        assertEquals("of another app", clipboard.text())
    }
}
