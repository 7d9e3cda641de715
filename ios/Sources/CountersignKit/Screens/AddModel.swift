import Countersign
import Foundation
import Observation

public enum AccountKind: Sendable, Equatable { case work, other }
public enum AddWay: Sendable, Equatable { case scan, picture, paste, type }

/// A code that was read, and what it is.
public struct FoundCode: Equatable, Sendable {
    public let scanned: Scanned
    public let about: Recognised

    init(_ scanned: Scanned) { (self.scanned, self.about) = (scanned, scanned.describe()) }

    public static func == (a: Self, b: Self) -> Bool { a.scanned === b.scanned }
}

public struct AddState: Equatable, Sendable {
    public enum Stage: Equatable, Sendable {
        case kinds, ways
        case scanning(CameraPermission)
        case picture, pasting, typing
        case choose([FoundCode])
        case found(FoundCode)
        /// Not for this app: what it is, and the next tap.
        case cannot(Recognised, Reason)
        case organisation(FoundCode, replaces: Bool)
        case organisationStored
        case trust(Origin, organisation: String?, system: String)
        case client(Origin, id: String?, refused: Bool)
        case working
        case added(AddedAccount)
        case failed(Trouble)
        /// Whether it is set up is not known.
        case unknown(Trouble)
        /// A link on the same phone asks to look for requests.
        case lookNow
        /// The code is itself a request, of one of these accounts.
        case signIn(FoundCode, [SeenRequest])
        /// All accounts of another app.
        case importing
    }

    public var stage = Stage.kinds
    public var kind = AccountKind.work
    /// Said under the way that is on the screen, which stays.
    public var trouble: Trouble?
}

public struct AddedAccount: Equatable, Sendable {
    public let summary: Summary
    /// It was there before, the same in everything.
    public let wasThere: Bool
    public let odd: [Odd]
    /// Its sign-ins are scanned: there is nothing to look for.
    public let isScanned: Bool
    /// For "Let's try it out": the ones of now.
    public fileprivate(set) var codes: Codes?
}

/// Adds an account: from the kind to "Let's try it out".
@MainActor @Observable public final class AddModel {
    public enum Event {
        case kind(AccountKind)
        case way(AddWay)
        case askForCamera
        case frame(LumaFrame)
        case picture(PickedContent)
        case text(PickedContent)
        case typed(TypedAccount)
        case choose(Int)
        case add, store
        case trust(Bool)
        case client(id: String, secret: String)
        /// All accounts of another app, from its files.
        case importAll
        /// Another code of an export in several.
        case scanMore
        case tick
        case again, back
    }

    public private(set) var state = AddState()
    /// Where accounts of another app come in.
    public private(set) var importing: ImportModel?
    private let phone: Phone
    private var person: ScreenPerson?

    public init(_ phone: Phone) { self.phone = phone }

    public func handle(_ event: Event) async {
        state.trouble = nil
        switch event {
        case .kind(let kind): (state.kind, state.stage) = (kind, .ways)
        case .way(let way): await begin(way)
        case .askForCamera: state.stage = .scanning(await phone.platform.camera.ask())
        case .frame(let frame): await read(frame)
        case .picture(let file): await found(file) { try file.look { try scanPicture(file: $0) } }
        case .text(let text): await found(text) { text.look { [recognise(text: $0)] } }
        case .typed(let account): await found(nil) { [account.scanned()] }
        case .choose(let index): await choose(index)
        case .add: await add()
        case .store: await store()
        case .trust(let yes): answer(.confirmed(yes))
        case .client(let id, let secret): answer(.client(id: id, secret: Data(secret.utf8)))
        case .importAll: await bringIn([])
        case .scanMore: await begin(.scan)
        case .tick: await renewCodes()
        case .again: state.stage = .ways
        case .back: back()
        }
    }

    private func begin(_ way: AddWay) async {
        switch way {
        case .scan:
            let permission = phone.platform.camera.permission
            state.stage = .scanning(permission == .notAsked ? await phone.platform.camera.ask() : permission)
        case .picture: state.stage = .picture
        case .paste: state.stage = .pasting
        case .type: state.stage = .typing
        }
    }

    private func back() {
        if let person {
            self.person = nil
            return person.give(.none)
        }
        state.stage = state.stage == .ways ? .kinds : .ways
    }

    private func read(_ frame: LumaFrame) async {
        guard case .scanning = state.stage else { return }
        let codes = try? await Task.detached {
            try scanFrame(luma: frame.luma, width: frame.width, height: frame.height, stride: frame.stride)
        }.value
        // Most frames hold no code: the camera goes on.
        guard let codes, case .scanning = state.stage else { return }
        let isExport = codes.contains { $0.exportingApp != nil }
        await show(codes, of: isExport ? phone.platform.camera.picture(of: frame).map(PickedContent.init) : nil)
    }

    /// `content` is what it was read from, as import takes it.
    private func found(_ content: PickedContent?, _ read: @escaping @Sendable () throws -> [Scanned]) async {
        do {
            await show(try await Task.detached { try read() }.value, of: content)
        } catch {
            state.trouble = Trouble(error)
        }
    }

    private func bringIn(_ files: [PickedFile]) async {
        let importing = importing ?? ImportModel(phone)
        (self.importing, state.stage) = (importing, .importing)
        if files.isEmpty { await importing.handle(.load) } else { await importing.handle(.files(files)) }
    }

    private func show(_ scanned: [Scanned], of content: PickedContent?) async {
        if let content, let app = scanned.lazy.compactMap(\.exportingApp).first {
            return await bringIn([PickedFile(name: app, content: content)])
        }
        let codes = scanned.map(FoundCode.init)
        if codes.count > 1 { state.stage = .choose(codes) } else if let code = codes.first { await show(code) }
    }

    private func choose(_ index: Int) async {
        guard case .choose(let codes) = state.stage, codes.indices.contains(index) else { return }
        await show(codes[index])
    }

    private func show(_ code: FoundCode) async {
        switch code.about.kind {
        case "look_now": state.stage = .lookNow
        case "tiqr_sign_in": await signIn(code)
        case "organisation" where code.about.refusal == nil:
            state.stage = .organisation(code, replaces: false)
        default: state.stage = code.about.refusal.map { .cannot(code.about, $0) } ?? .found(code)
        }
    }

    private func signIn(_ code: FoundCode) async {
        do {
            let asked = try await phone.read { core, now in
                try core.scannedRequests(scanned: code.scanned, now: now)
            }
            state.stage = .signIn(code, asked)
        } catch CountersignError.Refused(let reason) {
            state.stage = .cannot(code.about, reason)
        } catch {
            state.stage = .failed(Trouble(error))
        }
    }

    private func add() async {
        guard case .found(let code) = state.stage else { return }
        state.stage = .working
        if code.about.isApproval { await enrol(code.scanned) } else { await addCodes(code.scanned) }
    }

    private func addCodes(_ scanned: Scanned) async {
        await finish { [phone] in
            let added = try await phone.change { try $0.add(scanned: scanned, now: $1) }
            return (added.id, !added.added, added.odd)
        }
    }

    private func enrol(_ scanned: Scanned) async {
        let platform = phone.platform
        let job = Job.enrol(
            scanned: scanned, deviceLabel: platform.deviceLabel, deviceKind: "ios",
            allowPlainHttp: platform.allowPlainHttp)
        let person = ScreenPerson(platform.appLock, why: "") { [weak self] in self?.ask($0) }
        self.person = person
        await finish { [phone] in
            let ended = try await phone.run(job, asking: person)
            switch ended.outcome {
            case .refused(let reason): throw Trouble.reason(reason)
            case .unknown(let reason): throw NotKnown(reason: reason)
            default: return (ended.added ?? "", false, [])
            }
        }
        self.person = nil
    }

    private func finish(_ work: () async throws -> (id: String, wasThere: Bool, odd: [Odd])) async {
        do {
            let (id, wasThere, odd) = try await work()
            state.stage = try await phone.read { core, now in
                let approvals = try core.details(id: id, now: now).approvals
                return .added(
                    AddedAccount(
                        summary: try core.summary(id: id, now: now), wasThere: wasThere, odd: odd,
                        isScanned: approvals.map { !$0.can.look } ?? false,
                        codes: try core.codes(ids: [id], now: now).first ?? nil))
            }
        } catch let notKnown as NotKnown {
            state.stage = .unknown(.reason(notKnown.reason))
        } catch {
            state.stage = .failed(Trouble(error))
        }
    }

    /// When a period ends, its code is of no use any more.
    private func renewCodes() async {
        guard case .added(var added) = state.stage, let old = added.codes, old.validUntil <= phone.now.wall else {
            return
        }
        let id = added.summary.id
        guard let codes = try? await phone.read({ try $0.codes(ids: [id], now: $1).first ?? nil }),
            case .added(let shown) = state.stage, shown.summary.id == id
        else { return }
        added.codes = codes
        state.stage = .added(added)
    }

    private func ask(_ question: Question) {
        switch question {
        case .trust(let origin, let organisation, let system):
            state.stage = .trust(origin, organisation: organisation, system: system)
        case .client(let origin, let id, let refused): state.stage = .client(origin, id: id, refused: refused)
        default: person?.give(.none)
        }
    }

    private func answer(_ answer: PersonAnswer) {
        guard let person else { return }
        state.stage = .working
        person.give(answer)
    }

    private func store() async {
        guard case .organisation(let code, let replaces) = state.stage,
            let origin = code.scanned.describe().origin
        else { return }
        do {
            try await phone.change {
                // The person has said yes to the origin that the screen showed.
                _ = try $0.storeOrganisation(
                    scanned: code.scanned, trusted: origin.text, replace: replaces, now: $1)
            }
            state.stage = .organisationStored
        } catch CountersignError.Refused(.organisationExists) {
            // Nothing is replaced in silence: it is asked about once more.
            state.stage = .organisation(code, replaces: true)
            state.trouble = .reason(.organisationExists)
        } catch {
            state.stage = .failed(Trouble(error))
        }
    }
}

private struct NotKnown: Error {
    let reason: Reason
}

extension Recognised {
    /// It sets up sign-in requests, not only codes.
    public var isApproval: Bool { system != nil && kind != "organisation" }
}

extension Scanned {
    /// The app that makes such codes of several accounts, which are brought in together.
    fileprivate var exportingApp: String? {
        switch describe().refusal {
        case .googleExport: "Google Authenticator"
        case .privacyIdeaBackup: "privacyIDEA Authenticator"
        default: nil
        }
    }
}
