#if canImport(UIKit) && canImport(WebKit)
    import UIKit
    import WebKit

    /// The system's printing of a page. It is shown nowhere, runs no script and loads nothing.
    public struct DevicePrinter: PagePrinter {
        public init() {}

        public func print(_ page: Data, title: String) async -> Bool {
            await PrintedPage().print(page, title: title)
        }
    }

    @MainActor private final class PrintedPage: NSObject, WKNavigationDelegate {
        private var loaded: CheckedContinuation<Void, Never>?

        func print(_ page: Data, title: String) async -> Bool {
            let settings = WKWebViewConfiguration()
            settings.defaultWebpagePreferences.allowsContentJavaScript = false
            settings.websiteDataStore = .nonPersistent()
            let view = WKWebView(frame: .zero, configuration: settings)
            view.navigationDelegate = self
            await withCheckedContinuation {
                loaded = $0
                view.loadHTMLString(String(decoding: page, as: UTF8.self), baseURL: nil)
            }
            let about = UIPrintInfo(dictionary: nil)
            (about.jobName, about.outputType) = (title, .grayscale)
            let printing = UIPrintInteractionController()
            (printing.printInfo, printing.printFormatter) = (about, view.viewPrintFormatter())
            return await withCheckedContinuation { done in
                let isShown = printing.present(animated: true) { _, isPrinted, _ in done.resume(returning: isPrinted) }
                if !isShown { done.resume(returning: false) }
            }
        }

        func webView(_ view: WKWebView, didFinish navigation: WKNavigation!) { goOn() }
        func webView(_ view: WKWebView, didFail navigation: WKNavigation!, withError error: any Error) { goOn() }
        func webViewWebContentProcessDidTerminate(_ view: WKWebView) { goOn() }

        private func goOn() {
            loaded?.resume()
            loaded = nil
        }
    }
#endif
