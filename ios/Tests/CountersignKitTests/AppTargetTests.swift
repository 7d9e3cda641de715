import Foundation
import TestSupport
import Testing

/// The app target, which only a Mac builds: what can be read of it is as the rest wants it.
@Suite struct AppTargetTests {
    @Test func eachSystemsLinksOpenTheAppAsOnAndroid() throws {
        let manifest = try text("/android/app/src/main/AndroidManifest.xml")
        let there = Set(matches(#"android:scheme="([^"]+)""#, in: manifest))
        let types = try #require(propertyList("/ios/App/Info.plist")["CFBundleURLTypes"] as? [[String: Any]])
        let here = types.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] }
        let own = [
            "otpauth", "apple-otpauth", "otpauth-migration", "countersign", "pia", "my-secure", "edumfa-push",
            "tiqrenroll", "tiqrauth",
        ]
        #expect(here == own && Set(own) == there)
    }

    @Test func theIconIsOneSquareWithoutTransparency() throws {
        #expect(try text("/ios/App/project.yml").contains("ASSETCATALOG_COMPILER_APPICON_NAME: AppIcon\n"))
        let set = "/ios/App/Resources/Assets.xcassets/AppIcon.appiconset/"
        let images = try json(set + "Contents.json")["images"] as? [[String: String]]
        let image = try #require(images?.first)
        #expect(images?.count == 1 && image["platform"] == "ios" && image["size"] == "1024x1024")
        let name = try #require(image["filename"])
        let icon = try Data(contentsOf: URL(fileURLWithPath: repository + set + name))
        // The head of a PNG: its sides, eight bits a channel, red, green and blue.
        #expect(icon.prefix(8) == Data([137, 80, 78, 71, 13, 10, 26, 10]))
        #expect(icon[16..<26] == Data([0, 0, 4, 0, 0, 0, 4, 0, 8, 2]))
    }

    @Test func theAccentIsThatOfAndroid() throws {
        #expect(
            try text("/ios/App/project.yml").contains("ASSETCATALOG_COMPILER_GLOBAL_ACCENT_COLOR_NAME: AccentColor\n"))
        let colours = try text("/android/ui/src/main/kotlin/org/countersign/ui/theme/Colours.kt")
        let there = matches(#"\bprimary = Color\(0xFF(\w{6})\)"#, in: colours)
        let look = try matches(#" accentShade = Shade\((.+)\)"#, in: text("/ios/Sources/CountersignUI/Parts.swift"))
        #expect(there.count == 2 && matches(#"0x(\w{6})"#, in: look[0]) == there)
        let colors = try json("/ios/App/Resources/Assets.xcassets/AccentColor.colorset/Contents.json")["colors"]
        let asset = try #require(colors as? [[String: Any]]).map { entry -> String in
            let parts = (entry["color"] as? [String: Any])?["components"] as? [String: String] ?? [:]
            return ["red", "green", "blue"].map { String(parts[$0]?.dropFirst(2) ?? "") }.joined()
        }
        #expect(asset == there)
    }

    @Test func whatIsTimeSensitiveIsEntitledToIt() throws {
        #expect(try text("/ios/Sources/CountersignKit/Apple/DeviceNotifications.swift").contains(".timeSensitive"))
        let entitled = "com.apple.developer.usernotifications.time-sensitive: true\n"
        #expect(try text("/ios/App/project.yml").contains(entitled))
    }

    private func json(_ path: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text(path).utf8)) as? [String: Any])
    }
}
