import Countersign
import CountersignKit

/// What most tests of screens begin with: an app that is open, with a vault of its own on a phone that is played.
@MainActor open class OpenAppSuite {
    public let vault: TestVault
    public let device = FakeDevice()
    public let app: OpenApp
    public let words = Words(.english)

    public init() throws {
        vault = try TestVault()
        app = OpenApp(Phone(vault.core, device.platform(vault.path)))
    }
}
