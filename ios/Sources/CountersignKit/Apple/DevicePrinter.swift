#if canImport(UIKit) && canImport(WebKit)
    import UIKit
    import WebKit

    /// The system's printing of a page. It is shown nowhere, runs no script and loads nothing.
    public struct DevicePrinter: PagePrinter {
        public init() {}

        public func print(_ page: Data, title: String) async throws -> Bool {
            try await PrintedPage().print(page, title: title)
        }
    }

    @MainActor private final class PrintedPage: NSObject, WKNavigationDelegate {
        private var loaded: CheckedContinuation<Void, any Error>?

        func print(_ page: Data, title: String) async throws -> Bool {
            let settings = WKWebViewConfiguration()
            settings.defaultWebpagePreferences.allowsContentJavaScript = false
            settings.websiteDataStore = .nonPersistent()
            let view = WKWebView(frame: .zero, configuration: settings)
            view.navigationDelegate = self
            try await withCheckedThrowingContinuation {
                loaded = $0
                view.loadHTMLString(String(decoding: page, as: UTF8.self), baseURL: nil)
            }
            let about = UIPrintInfo(dictionary: nil)
            (about.jobName, about.outputType) = (title, .grayscale)
            let printing = UIPrintInteractionController()
            (printing.printInfo, printing.printFormatter) = (about, view.viewPrintFormatter())
            return try await withCheckedThrowingContinuation { done in
                let isShown = printing.present(animated: true) { _, isPrinted, error in
                    done.resume(with: error == nil ? .success(isPrinted) : .failure(Trouble.file(.unprintable)))
                }
                if !isShown { done.resume(throwing: Trouble.file(.unprintable)) }
            }
        }

        func webView(_ view: WKWebView, didFinish navigation: WKNavigation!) { end(.success(())) }

        // A page that is not there as a whole would be printed blank.
        func webView(
            _ view: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: any Error
        ) {
            fail()
        }

        func webView(_ view: WKWebView, didFail navigation: WKNavigation!, withError error: any Error) { fail() }
        func webViewWebContentProcessDidTerminate(_ view: WKWebView) { fail() }

        private func fail() { end(.failure(Trouble.file(.unprintable))) }

        private func end(_ how: Result<Void, any Error>) {
            loaded?.resume(with: how)
            loaded = nil
        }
    }
#endif
