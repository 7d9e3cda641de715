import BackgroundTasks
import CountersignKit
import CountersignUI
import SwiftUI
import UserNotifications

@main
struct CountersignApp: App {
    @UIApplicationDelegateAdaptor private var delegate: AppDelegate

    var body: some Scene {
        WindowGroup {
            if let model = delegate.model { AppView(model) }
        }
        .backgroundTask(.appRefresh(DeviceRefresh.task)) { await delegate.look() }
    }
}

@MainActor final class AppDelegate: NSObject, UIApplicationDelegate, UNUserNotificationCenterDelegate {
    private(set) var model: AppModel?

    func application(
        _ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool {
        model = (try? Platform.device()).map(AppModel.init)
        UNUserNotificationCenter.current().delegate = self
        return true
    }

    /// A background check, and the next one after it.
    func look() async {
        guard let model, model.platform.preferences.load().checksInBackground else { return }
        model.platform.backgroundRefresh.schedule()
        _ = try? await BackgroundCheck(model.platform).run(model.words)
    }

    /// A notification was tapped: the app looks for requests.
    func userNotificationCenter(
        _ center: UNUserNotificationCenter, didReceive response: UNNotificationResponse
    ) async {
        await model?.handle(.requestWaits)
    }
}
