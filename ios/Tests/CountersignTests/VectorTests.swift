import Countersign
import TestSupport
import Testing

/// The same files as the tests in Rust.
@Suite struct VectorTests {
    let core: Authenticator
    let vault: TestVault

    init() throws {
        vault = try TestVault()
        core = vault.core
    }

    @Test func rfc4226() throws {
        struct File: Decodable {
            struct Vector: Decodable { let code: String }
            let secret: String, digits: Int, codes: [Vector]
        }
        let file: File = try vectors("rfc4226.json")
        let link = scan("otpauth://hotp/a?secret=\(file.secret)&digits=\(file.digits)&counter=0")
        let account = try core.add(scanned: link, now: now()).id
        for vector in file.codes { #expect(try core.useCounter(id: account, now: now()) == vector.code) }
    }

    @Test func rfc6238() throws {
        struct File: Decodable {
            struct Vector: Decodable { let time: Int64, algorithm: String, code: String }
            let secrets: [String: String], digits: Int, period: Int, codes: [Vector]
        }
        let file: File = try vectors("rfc6238.json")
        let accounts = try file.secrets.mapValues { secret in
            let algorithm = file.secrets.first { $0.value == secret }!.key
            let parameters = "secret=\(secret)&algorithm=\(algorithm)&digits=\(file.digits)&period=\(file.period)"
            return try core.add(scanned: scan("otpauth://totp/\(algorithm)?\(parameters)"), now: now()).id
        }
        for vector in file.codes {
            let codes = try core.codes(ids: [accounts[vector.algorithm]!], now: now(wall: vector.time))
            #expect(codes[0]?.current == vector.code, "\(vector)")
        }
    }

    @Test func otpauth() throws {
        struct File: Decodable {
            struct Vector: Decodable {
                let text: String, kind: String, issuer: String?, account: String?, refusal: String?, odd: [String]
            }
            let links: [Vector]
        }
        let file: File = try vectors("otpauth.json")
        for vector in file.links {
            let scanned = scan(vector.text)
            let about = scanned.describe()
            #expect(about.kind == vector.kind && about.issuer == vector.issuer && about.account == vector.account)
            #expect(about.refusal.map { capitalised("\($0)") } == vector.refusal, "\(vector)")
            #expect(about.odd.map { capitalised("\($0)") } == vector.odd, "\(vector)")
            if let refusal = about.refusal { refused(refusal) { try core.add(scanned: scanned, now: now()) } }
        }
    }

    private func capitalised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
}
