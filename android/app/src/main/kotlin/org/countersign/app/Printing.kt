package org.countersign.app

import android.app.Activity
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.print.PrintManager
import android.webkit.WebView
import android.webkit.WebViewClient
import kotlinx.coroutines.CompletableDeferred

/** A page of HTML on paper, by the system's printing. Nothing in it is run, and nothing is fetched for it. */
internal class Printing(private val activity: Activity) {
    /** False where the person left the dialog. */
    suspend fun print(name: String, page: ByteArray): Boolean {
        val ended = CompletableDeferred<Boolean>()
        val text = page.decodeToString()
        activity.runOnUiThread { show(name, text, ended) }
        return ended.await()
    }

    private fun show(name: String, text: String, ended: CompletableDeferred<Boolean>) {
        val web = WebView(activity)
        web.settings.apply {
            blockNetworkLoads = true
            allowFileAccess = false
            allowContentAccess = false
        }
        web.webViewClient = object : WebViewClient() {
            override fun onPageFinished(view: WebView, url: String?) {
                val paper = PrintAttributes.Builder().setMediaSize(PrintAttributes.MediaSize.ISO_A4).build()
                val adapter = Told(view.createPrintDocumentAdapter(name), ended)
                adapter.job = activity.service<PrintManager>().print(name, adapter, paper)
            }
        }
        web.loadDataWithBaseURL(null, text, "text/html", "utf-8", null)
    }

    /** Hands everything on, and tells when the dialog is closed. */
    private class Told(private val page: PrintDocumentAdapter, private val ended: CompletableDeferred<Boolean>) :
        PrintDocumentAdapter() {
        var job: android.print.PrintJob? = null

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
            ended.complete(job?.isCancelled == false)
        }
    }
}
