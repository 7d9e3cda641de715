import Foundation
import TestSupport
import Testing

/// The app target, which only a Mac builds: what can be read of it is as the rest wants it.
@Suite struct AppTargetTests {
    @Test func theSameLinksOpenTheAppAsOnAndroid() throws {
        let manifest = try text("/android/app/src/main/AndroidManifest.xml")
        let there = Set(matches(#"android:scheme="([^"]+)""#, in: manifest))
        let types = try #require(propertyList("/ios/App/Info.plist")["CFBundleURLTypes"] as? [[String: Any]])
        let here = types.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] }
        #expect(here.count == 6 && Set(here) == there)
    }
}
