package org.countersign.app

import android.app.Activity
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.webkit.WebView
import java.io.IOException
import kotlin.concurrent.thread
import kotlin.test.AfterTest
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** A page from its loading to the end of the dialog; the dialog itself is played. */
@RunWith(RobolectricTestRunner::class)
class PrintingTest {
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    private val begun = mutableListOf<PrintDocumentAdapter>()
    private val printing = Printing(activity, { _, _ -> NoPages() }) { _, page -> null.also { begun += page } }
    private var result: Result<Boolean>? = null

    private fun loading(how: Printing = printing): WebView {
        thread { result = runCatching { runBlocking { how.print("sheet.html", "<p>".toByteArray()) } } }
        waitFor("a page") { Printing.held.isNotEmpty() }
        return Printing.held.single()
    }

    private fun ended(): Result<Boolean> {
        waitFor("an end") { result != null }
        return result!!
    }

    @AfterTest
    fun nothingStays() = assertEquals(emptySet(), Printing.held)

    @Test
    fun `a page is held until the dialog is closed, and printed once`() {
        val page = loading()
        val client = shadowOf(page).webViewClient
        repeat(2) { client.onPageFinished(page, null) }
        assertEquals(setOf(page), Printing.held)
        begun.single().onFinish()
        assertEquals(false, ended().getOrThrow())
    }

    @Test
    fun `one that does not load, or whose process ends, is a failure`() {
        val page = loading()
        shadowOf(page).webViewClient.apply {
            onReceivedError(page, null, null)
            onPageFinished(page, null)
        }
        assertIs<IOException>(ended().exceptionOrNull())
        result = null
        val other = loading()
        assertTrue(shadowOf(other).webViewClient.onRenderProcessGone(other, null))
        assertIs<IOException>(ended().exceptionOrNull())
        assertEquals(emptyList(), begun)
    }

    @Test
    fun `where the system can't print, that is a failure`() {
        val page = loading(Printing(activity, { _, _ -> NoPages() }) { _, _ -> error("no printing here") })
        shadowOf(page).webViewClient.onPageFinished(page, null)
        assertIs<IOException>(ended().exceptionOrNull())
    }

    private class NoPages : PrintDocumentAdapter() {
        override fun onLayout(
            old: PrintAttributes?,
            new: PrintAttributes?,
            cancel: CancellationSignal?,
            answer: LayoutResultCallback?,
            extras: Bundle?,
        ) = Unit

        override fun onWrite(
            pages: Array<PageRange>?,
            file: ParcelFileDescriptor?,
            cancel: CancellationSignal?,
            answer: WriteResultCallback?,
        ) = Unit
    }
}
