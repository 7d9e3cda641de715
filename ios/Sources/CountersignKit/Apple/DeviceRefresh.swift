#if canImport(BackgroundTasks) && canImport(UIKit)
    import BackgroundTasks
    import UIKit

    /// Background checks as the system grants them: at earliest after a quarter of an hour, perhaps much later.
    public struct DeviceRefresh: BackgroundRefresh {
        /// Stands in the app's Info.plist as well.
        public static let task = "org.countersign.look"
        private static let earliest: TimeInterval = 15 * 60
        /// As it was when the app began: asking is for the main thread only.
        public let isAllowed: Bool

        @MainActor public init() {
            isAllowed = UIApplication.shared.backgroundRefreshStatus == .available
        }

        public func schedule() {
            let request = BGAppRefreshTaskRequest(identifier: Self.task)
            request.earliestBeginDate = Date(timeIntervalSinceNow: Self.earliest)
            // Without it, requests are seen when the app is opened: the settings say so.
            try? BGTaskScheduler.shared.submit(request)
        }

        public func cancel() {
            BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: Self.task)
        }
    }
#endif
