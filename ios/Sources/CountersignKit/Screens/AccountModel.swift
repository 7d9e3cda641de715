import Countersign
import Foundation
import Observation

public struct AccountState: Equatable, Sendable {
    public enum Notice: Equatable, Sendable { case keyRenewed, lockedOut }

    public var summary: Summary?
    public var details: AccountDetails?
    public var keyInHardware: Bool?
    public var label: String?
    /// What the self-test found, in the order of its checks.
    public var checks: [Check]?
    public var isWorking = false
    public var asksToLockOut = false
    /// The set-up code as a picture, while it is shown.
    public var setupPicture: Data?
    public var isRemoved = false
    public var notice: Notice?
    public var trouble: Trouble?
}

/// One account: what it is and can do, and what can be done with it.
@MainActor @Observable public final class AccountModel {
    public enum Event {
        case load
        case rename(issuer: String, name: String)
        case tags(String)
        case note(String)
        case label(String)
        case favourite(Bool)
        case test, renewKey, lockOut
        case confirmLockOut(Bool)
        case showSetupCode, hideSetupCode
        case remove
    }

    public let id: String
    public private(set) var state = AccountState()
    private let phone: Phone
    private let why: String
    private var person: ScreenPerson?

    public init(_ phone: Phone, id: String, why: String) {
        (self.phone, self.id, self.why) = (phone, id, why)
    }

    public func handle(_ event: Event) async {
        (state.trouble, state.notice) = (nil, nil)
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        let id = id
        switch event {
        case .load: try await load()
        case .rename(let issuer, let name):
            try await change { try $0.rename(id: id, issuer: issuer, name: name, now: $1) }
        case .tags(let text):
            let tags = text.split(whereSeparator: { ",、,".contains($0) })
                .map { $0.trimmingCharacters(in: .whitespaces) }
            try await change { try $0.setTags(id: id, tags: tags, now: $1) }
        case .note(let text): try await change { try $0.setNote(id: id, note: text, now: $1) }
        case .label(let text):
            let label = text.isEmpty ? nil : text
            try await change { try $0.setLabel(id: id, label: label, now: $1) }
            state.label = label
        case .favourite(let is_): try await change { try $0.setFavourite(id: id, favourite: is_, now: $1) }
        case .test: try await run(.selfTest(account: id))
        case .renewKey: try await run(.rotateKey(account: id))
        case .lockOut: try await run(.lockOut(account: id))
        case .confirmLockOut(let yes):
            state.asksToLockOut = false
            person?.give(.confirmed(yes))
        case .showSetupCode: try await showSetupCode()
        case .hideSetupCode:
            state.setupPicture?.wipe()
            state.setupPicture = nil
        case .remove:
            try await phone.change { try $0.remove(id: id, now: $1) }
            state.isRemoved = true
        }
    }

    private func load() async throws {
        let id = id
        let (summary, details) = try await phone.read { core, now in
            (try core.summary(id: id, now: now), try core.details(id: id, now: now))
        }
        (state.summary, state.details) = (summary, details)
        state.keyInHardware = details.approvals?.key.flatMap { phone.platform.deviceKeys.isInHardware(id: $0.id) }
    }

    private func change(_ work: @escaping @Sendable (Authenticator, Now) throws -> Void) async throws {
        try await phone.change(work)
        try await load()
    }

    private func run(_ job: Job) async throws {
        guard !state.isWorking else { return }
        state.isWorking = true
        defer { (state.isWorking, person) = (false, nil) }
        let person = ScreenPerson(phone.platform.appLock, why: why) { [weak self] question in
            guard case .lockOut = question else { return }
            self?.state.asksToLockOut = true
        }
        self.person = person
        switch try await phone.run(job, asking: person).outcome {
        case .tested(let checks): state.checks = checks
        case .rotated:
            state.notice = .keyRenewed
            try await load()
        case .lockedOut: state.notice = .lockedOut
        case .refused(.answerNeeded): break
        case .refused(let reason), .unknown(let reason): state.trouble = .reason(reason)
        default: state.trouble = .other("Outcome")
        }
    }

    /// Whoever sees it has the account: the person is checked first.
    private func showSetupCode() async throws {
        try await phone.confirmOwner(why)
        let id = id
        state.setupPicture = try await phone.read { try $0.setupPng(id: id, scale: 8, now: $1) }
    }
}
