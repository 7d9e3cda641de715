#if canImport(LocalAuthentication)
    import LocalAuthentication

    /// Face, finger or passcode of the device. Each question is a new context: an old answer doesn't count.
    public struct DeviceAppLock: AppLock {
        public init() {}

        public var isAvailable: Bool {
            LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
        }

        public func confirm(_ why: String) async -> Bool {
            // A device without a lock has nobody to ask: having it open is all there is.
            guard isAvailable else { return true }
            return (try? await LAContext().evaluatePolicy(.deviceOwnerAuthentication, localizedReason: why)) ?? false
        }
    }
#endif
