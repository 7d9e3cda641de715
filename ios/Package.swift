// swift-tools-version: 6.0
import Foundation
import PackageDescription

let swift6: [SwiftSetting] = [.swiftLanguageMode(.v6)]

#if os(Linux)
    // Built and tested without a Mac: the library of cargo, and signatures in place of SwiftUI.
    let generated = "\(Context.packageDirectory)/Generated"
    let library =
        (try? String(contentsOfFile: "\(generated)/library-folder", encoding: .utf8))?
        .trimmingCharacters(in: .newlines) ?? "\(Context.packageDirectory)/../target/release"
    let link: [LinkerSetting] = [
        .unsafeFlags([
            "-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library,
            // Swift 6.0's Observation library lacks a symbol that it declares (swiftlang/swift#75670).
            "-Xlinker", "--allow-shlib-undefined",
        ])
    ]
    let host: [Target] = [
        .systemLibrary(name: "CountersignFFI", path: "Generated/CountersignFFI"),
        .target(name: "SwiftUI", path: "Stubs/SwiftUI", swiftSettings: swift6),
        .testTarget(
            name: "CountersignUITests", dependencies: ["CountersignUI", "TestSupport"], swiftSettings: swift6),
    ]
    let views: [Target.Dependency] = ["CountersignKit", "SwiftUI"]
#else
    let link: [LinkerSetting] = []
    let host: [Target] = [.binaryTarget(name: "CountersignFFI", path: "CountersignFFI.xcframework")]
    let views: [Target.Dependency] = ["CountersignKit"]
#endif

let package = Package(
    name: "Countersign",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "CountersignUI", targets: ["CountersignUI"])],
    targets: host + [
        .target(
            name: "Countersign", dependencies: ["CountersignFFI"], path: "Generated/Countersign",
            swiftSettings: swift6, linkerSettings: link),
        .target(
            name: "CountersignKit", dependencies: ["Countersign"], resources: [.process("Words")],
            swiftSettings: swift6),
        .target(name: "CountersignUI", dependencies: views, swiftSettings: swift6),
        .target(
            name: "TestSupport", dependencies: ["Countersign", "CountersignKit"], path: "Tests/Support",
            exclude: ["signer.py"], swiftSettings: swift6),
        .testTarget(name: "CountersignTests", dependencies: ["Countersign", "TestSupport"], swiftSettings: swift6),
        .testTarget(
            name: "CountersignKitTests", dependencies: ["CountersignKit", "TestSupport"], swiftSettings: swift6),
    ]
)
