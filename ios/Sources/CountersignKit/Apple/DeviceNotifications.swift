#if canImport(UserNotifications)
    import UserNotifications

    /// Notifications that a sign-in waits. They hold what a label says and no more, and no action that approves.
    public struct DeviceNotifications: Notifications {
        public init() {}

        public func isAllowed() async -> Bool {
            await UNUserNotificationCenter.current().notificationSettings().authorizationStatus == .authorized
        }

        public func ask() async -> Bool {
            (try? await UNUserNotificationCenter.current().requestAuthorization(options: [.alert, .sound])) ?? false
        }

        public func show(id: String, title: String, body: String) async {
            let content = UNMutableNotificationContent()
            (content.title, content.body, content.sound) = (title, body, .default)
            content.interruptionLevel = .timeSensitive
            // One of the same name takes the place of the one before: a request is told once.
            let request = UNNotificationRequest(identifier: id, content: content, trigger: nil)
            try? await UNUserNotificationCenter.current().add(request)
        }

        public func removeAll() { UNUserNotificationCenter.current().removeAllDeliveredNotifications() }
    }
#endif
