import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

@Suite struct WordsTests {
    let english = Words(.english)
    let japanese = Words(.japanese)

    @Test func bothLanguagesHaveTheSameKeysAndPlaceholders() {
        #expect(english.keys.count > 400 && english.keys == japanese.keys)
        for key in english.keys { #expect(placeholders(english(key)) == placeholders(japanese(key)), "\(key)") }
    }

    @Test func everyKeyOfTheSourcesIsThere() throws {
        // Names of symbols, of the file and of the app's own labels look like keys.
        let pattern = #"(?<!system(?:Name|Image): )"(?!org\.countersign|vault\.db)([a-z][a-z_]*(?:\.[a-z_]+)+)""#
        let keys = try sources().flatMap { matches(pattern, in: $0) }
        #expect(keys.count > 100)
        let counted = { (key: String) in english.keys.contains(key + ".one") && english.keys.contains(key + ".many") }
        #expect(Set(keys).filter { !english.keys.contains($0) && !counted($0) } == [])
    }

    @Test func whatTheCoreNamesHasItsWords() throws {
        let generated = try String(
            contentsOfFile: repository + "/ios/Generated/Countersign/Countersign.swift", encoding: .utf8)
        let named = [
            ("ExportFormat", "export."), ("Lost", "export.lost."), ("LeftOut", "export.left_out."),
            ("Differs", "import.differs."), ("ImportNote", "import.note."), ("Odd", "odd."),
        ]
        for (name, prefix) in named {
            let body = generated.components(separatedBy: "public enum \(name):")[1].components(separatedBy: "\n}")[0]
            let keys = matches(#"(?m)^    case (\w+)"#, in: body).map { prefix + Words.key($0) }
            #expect(!keys.isEmpty && keys.filter { !english.keys.contains($0) } == [], "\(name)")
        }
        #expect(ExportFormat.all.allSatisfy { english.keys.contains("export." + Words.key($0) + ".detail") })
        for trouble in FileTrouble.allCases {
            #expect(english.what(.file(trouble)) != "file." + Words.key(trouble))
            #expect(english.keys.contains("file." + Words.key(trouble) + ".next"))
        }
    }

    @Test func theSheetHasTheWordsOfTheCommandLine() throws {
        let source = try text("/cli/src/words/export.rs")
        for key in [
            "sheet.title", "sheet.use", "sheet.keep", "export.done.sheet", "sheet.secret", "sheet.pin", "codes.digits",
            "sheet.period", "sheet.counter", "sheet.kind", "account.tags", "account.note", "sheet.favourite",
            "sheet.no_code",
        ] {
            let isThere = [english, japanese].allSatisfy { source.contains("\"\($0(key))\"") }
            #expect(isThere, "\(key)")
        }
    }

    @Test func theSystemsQuestionsAreAskedInEachLanguage() throws {
        let english = try propertyList("/ios/App/Info.plist")
        let asked = english.keys.filter { $0.hasSuffix("UsageDescription") }.sorted()
        #expect(asked == ["NSCameraUsageDescription", "NSFaceIDUsageDescription"])
        let languages = try #require(english["CFBundleLocalizations"] as? [String])
        #expect(Set(languages) == Set(Language.allCases.map(\.rawValue)))
        let built = try text("/ios/App/project.yml")
        for language in languages where language != english["CFBundleDevelopmentRegion"] as? String {
            let strings = try text("/ios/App/Resources/\(language).lproj/InfoPlist.strings")
            #expect(matches(#"(?m)^(\w+) = ".+";$"#, in: strings).sorted() == asked, "\(language)")
            #expect(built.contains("sources: [CountersignApp.swift, Resources]"))
        }
    }

    @Test func placeholdersAreFilled() {
        #expect(english.counted("seconds.left", 1) == "1 second left")
        #expect(english.counted("seconds.left", 20) == "20 seconds left")
        #expect(english("no.such.key") == "no.such.key")
        #expect(japanese("request.yes") == "はい")
    }

    @Test func aTroubleIsExplained() {
        #expect(english.what(.reason(.notASetupCode)) == "This text or QR code sets up no account.")
        #expect(english.next(.reason(.microsoftPush)).contains("different authenticator app"))
        #expect(english.what(.recoveryCode(.length(symbols: 3))).contains("3 were typed"))
        #expect(english.what(.other("X")).contains("X") && !english.next(.other("X")).isEmpty)
    }

    private func placeholders(_ text: String) -> Set<String> { Set(matches(#"\{(\w+)\}"#, in: text)) }

    private func sources() throws -> [String] {
        try ["CountersignKit", "CountersignUI"].flatMap { target in
            let folder = repository + "/ios/Sources/" + target
            return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
                .map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }
        }
    }
}
