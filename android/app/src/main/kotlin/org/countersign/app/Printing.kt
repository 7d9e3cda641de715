package org.countersign.app

import android.app.Activity
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.print.PrintJob
import android.print.PrintManager
import android.webkit.RenderProcessGoneDetail
import android.webkit.WebResourceError
import android.webkit.WebResourceRequest
import android.webkit.WebView
import android.webkit.WebViewClient
import java.io.IOException
import kotlinx.coroutines.CompletableDeferred

/** A page of HTML on paper, by the system's printing. Nothing in it is run, and nothing is fetched for it. */
internal class Printing(
    private val activity: Activity,
    private val contentOf: (WebView, String) -> PrintDocumentAdapter = WebView::createPrintDocumentAdapter,
    private val begin: (String, PrintDocumentAdapter) -> PrintJob? = { name, page ->
        val paper = PrintAttributes.Builder().setMediaSize(PrintAttributes.MediaSize.ISO_A4).build()
        activity.service<PrintManager>().print(name, page, paper)
    },
) {
    /** False where the person left the dialog. Fails with an [IOException]. */
    suspend fun print(name: String, page: ByteArray): Boolean {
        val ended = CompletableDeferred<Boolean>()
        val text = page.decodeToString()
        activity.runOnUiThread {
            try {
                val web = WebView(activity)
                // It says that it is done also when it has failed, and may say it twice.
                web.webViewClient = Once(ended, web) { print(name, web, ended) }
                web.show(text)
            } catch (error: RuntimeException) {
                // Without the system's WebView there is none.
                ended.completeExceptionally(IOException(error))
            }
        }
        return ended.await()
    }

    private fun WebView.show(text: String) {
        settings.apply {
            blockNetworkLoads = true
            allowFileAccess = false
            allowContentAccess = false
        }
        loadDataWithBaseURL(null, text, "text/html", "utf-8", null)
        held += this
    }

    private fun print(name: String, web: WebView, ended: CompletableDeferred<Boolean>) {
        val adapter = Told(contentOf(web, name)) { printed ->
            held -= web
            ended.complete(printed)
        }
        adapter.job = begin(name, adapter)
    }

    /** Goes on with the first page that has loaded. */
    private class Once(
        private val ended: CompletableDeferred<Boolean>,
        private val web: WebView,
        private val loaded: () -> Unit,
    ) : WebViewClient() {
        private var isOver = false

        override fun onPageFinished(view: WebView, url: String?) {
            if (isOver) return
            isOver = true
            try {
                loaded()
            } catch (error: RuntimeException) {
                fail(error)
            }
        }

        override fun onReceivedError(view: WebView, request: WebResourceRequest?, error: WebResourceError?) {
            if (!isOver) fail()
        }

        override fun onRenderProcessGone(view: WebView, detail: RenderProcessGoneDetail?): Boolean {
            fail()
            return true
        }

        private fun fail(cause: Throwable? = null) {
            isOver = true
            held -= web
            ended.completeExceptionally(IOException(cause))
        }
    }

    /** Hands everything on, and tells when the dialog is closed. */
    private class Told(private val page: PrintDocumentAdapter, private val ended: (Boolean) -> Unit) :
        PrintDocumentAdapter() {
        var job: PrintJob? = null

        override fun onStart() = page.onStart()

        override fun onLayout(
            old: PrintAttributes?,
            new: PrintAttributes?,
            cancel: CancellationSignal?,
            answer: LayoutResultCallback?,
            extras: Bundle?,
        ) = page.onLayout(old, new, cancel, answer, extras)

        override fun onWrite(
            pages: Array<PageRange>?,
            file: ParcelFileDescriptor?,
            cancel: CancellationSignal?,
            answer: WriteResultCallback?,
        ) = page.onWrite(pages, file, cancel, answer)

        override fun onFinish() {
            page.onFinish()
            ended(job?.isCancelled == false)
        }
    }

    internal companion object {
        /** Pages between their loading and the end of their printing: nothing else holds them. Of the main thread. */
        val held = mutableSetOf<WebView>()
    }
}
