#if canImport(UIKit)
    import UIKit
    import UniformTypeIdentifiers

    /// The system's clipboard. It takes codes away by itself, also when this app is gone, and sends them nowhere.
    public struct DeviceClipboard: Clipboard {
        public init() {}

        public func copyCode(_ code: String, forSeconds seconds: Int) {
            UIPasteboard.general.setItems(
                [[UTType.plainText.identifier: code]],
                options: [.localOnly: true, .expirationDate: Date(timeIntervalSinceNow: TimeInterval(seconds))])
        }

        public func copy(_ text: String) { UIPasteboard.general.string = text }
        public func text() async -> String? { UIPasteboard.general.string }
    }
#endif
