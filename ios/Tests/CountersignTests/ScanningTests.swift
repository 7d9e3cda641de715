import Countersign
import Foundation
import TestSupport
import Testing

private let organisation =
    "countersign://organisation?issuer=https%3A%2F%2Flogin.example%2Frealms%2Fa&client_id=app&name=Example"

@Suite struct ScanningTests {
    let vault: TestVault
    var core: Authenticator { vault.core }

    init() throws { vault = try TestVault() }

    @Test func whatIsNoPicture() {
        refused(.notAPicture) { try scanPicture(file: Data()) }
        refused(.notAPicture) { try scanPicture(file: Data("hello".utf8)) }
        let header = Data([0x89]) + Data("PNG\r\n\u{1a}\n".utf8)
        refused(.pictureDamaged) { try scanPicture(file: header + Data(count: 50)) }
    }

    @Test func aPictureOfBillionsOfPixels() {
        // 100,000 by 100,000 as far as its header.
        let header = Data(hex: "89504e470d0a1a0a0000000d49484452000186a0000186a00800000000")
        let sum = crc32(header.dropFirst(12))
        refused(.pictureTooLarge) { try scanPicture(file: header + withUnsafeBytes(of: sum.bigEndian) { Data($0) }) }
    }

    @Test func aPhotograph() throws {
        let photo = URL(fileURLWithPath: repository + "/tests/fixtures/qr_photos/qrcode-6_3.png")
        for scanned in try scanPicture(file: Data(contentsOf: photo)) { #expect(!scanned.describe().kind.isEmpty) }
    }

    @Test func frames() {
        let luma = Data(count: 640 * 480)
        refused(.noCodeInPicture) { try scanFrame(luma: luma, width: 640, height: 480, stride: 640) }
        let sizes: [(UInt32, UInt32, UInt32)] = [(640, 481, 640), (640, 480, 10), (0, 0, 0), (.max, .max, .max)]
        for (width, height, stride) in sizes {
            #expect(throws: CountersignError.self) {
                try scanFrame(luma: luma, width: width, height: height, stride: stride)
            }
        }
    }

    @Test func aFrameWithACode() throws {
        let account = try vault.add()
        let svg = String(decoding: try core.setupSvg(id: account, now: now()), as: UTF8.self)
        let size = Int(svg.components(separatedBy: "viewBox=\"0 0 ")[1].prefix { $0.isNumber })!
        let (scale, stride) = (6, size * 6 + 13)
        var luma = Data(repeating: 0xf0, count: stride * size * scale)
        for module in svg.components(separatedBy: "d=\"").last!.components(separatedBy: "M").dropFirst() {
            let place = module.prefix { $0 != "h" }.split(separator: " ").map { Int($0)! }
            for row in place[1] * scale..<(place[1] + 1) * scale {
                let start = row * stride + place[0] * scale
                luma.replaceSubrange(start..<start + scale, with: Data(repeating: 0x10, count: scale))
            }
        }
        let side = UInt32(size * scale)
        let scanned = try scanFrame(luma: luma, width: side, height: side, stride: UInt32(stride))
        #expect(try core.add(scanned: #require(scanned.first), now: now()).id == account)
    }

    @Test func hostileTexts() {
        let percent = Data(("otpauth://" + String(repeating: "%", count: 100_000)).utf8)
        let texts = [
            Data(), Data([0xff, 0xfe]), Data(count: 10), percent, Data("otpauth://totp/\u{202e}?secret=".utf8),
        ]
        for text in texts { #expect(recognise(text: text).describe().refusal != nil) }
        #expect(recognise(text: Data([0xff])).describe().refusal == .codeNotText)
        #expect(recognise(text: Data(repeating: 120, count: 100_000)).describe().refusal == .textTooLong)
    }

    @Test func whatACodeOfAnotherSystemPointsTo() {
        let about = scan("phonefactor://a?code=1&url=https%3A%2F%2Fb%C3%BCcher.example").describe()
        #expect(about.foreignHost == "xn--bcher-kva.example" && about.refusal == .microsoftPush)
    }

    @Test func organisations() throws {
        let link = scan(organisation)
        let about = link.describe()
        #expect(about.kind == "organisation" && about.issuer == "Example")
        #expect(about.origin?.text == "https://login.example/realms/a" && about.origin?.port == 443)
        let origin = try #require(about.origin?.text)
        refused(.trustNeeded) {
            try core.storeOrganisation(scanned: link, trusted: "https://login.example", replace: false, now: now())
        }
        #expect(try core.organisations(now: now()) == [])
        func store(_ scanned: Scanned, replace: Bool) throws -> Stored {
            try core.storeOrganisation(scanned: scanned, trusted: origin, replace: replace, now: now())
        }
        #expect(try store(link, replace: false) == .added)
        let other = scan(organisation.replacingOccurrences(of: "=app", with: "=other"))
        refused(.organisationExists) { try store(other, replace: false) }
        #expect(try store(other, replace: true) == .replaced)
        refused(.notAddedThisWay) { try store(totp("a"), replace: false) }
        refused(.notAddedThisWay) { try core.add(scanned: link, now: now()) }
        #expect(try core.organisations(now: now()) == [origin])
        try core.removeOrganisation(origin: origin, now: now())
        #expect(try core.organisations(now: now()) == [])
    }

    @Test func whatCannotBeBegun() throws {
        let account = try vault.add()
        refused(.noApprovals) { try core.begin(job: .check(account: account), now: now()) }
        let job = Job.enrol(scanned: totp("a"), deviceLabel: "Phone", deviceKind: "ios", allowPlainHttp: false)
        refused(.notAddedThisWay) { try core.begin(job: job, now: now()) }
        fails(.NoSuchAccount) { try core.begin(job: .rotateKey(account: "nobody"), now: now()) }
    }
}

private func crc32(_ bytes: Data) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xedb8_8320 : value >> 1 }
    }
}
