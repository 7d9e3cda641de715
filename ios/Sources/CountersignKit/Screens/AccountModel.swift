import Countersign
import Foundation
import Observation

public struct AccountState: Equatable, Sendable {
    public enum Notice: Equatable, Sendable { case keyRenewed }

    public var summary: Summary?
    public var details: AccountDetails?
    public var keyInHardware: Bool?
    /// What notifications call it, where they may name it.
    public var label: String?
    /// What the self-test found, in the order of its checks.
    public var checks: [Check]?
    public var isWorking = false
    /// The set-up code as a picture, while it is shown.
    public var setupPicture: Data?
    public var isRemoved = false
    public var notice: Notice?
    public var trouble: Trouble?

    /// What the person can change, as it is.
    public var fields: AccountFields {
        AccountFields(
            issuer: summary?.issuer ?? "", name: summary?.name ?? "",
            tags: summary?.tags.joined(separator: ", ") ?? "", note: details?.note ?? "", label: label ?? "")
    }
}

/// What a person writes about an account.
public struct AccountFields: Equatable, Sendable {
    public var issuer = "", name = ""
    /// With commas between them.
    public var tags = ""
    public var note = ""
    /// Empty: notifications do not name the account.
    public var label = ""

    public init(issuer: String = "", name: String = "", tags: String = "", note: String = "", label: String = "") {
        (self.issuer, self.name, self.tags, self.note, self.label) = (issuer, name, tags, note, label)
    }
}

/// One account: what it is and can do, and what can be done with it.
@MainActor @Observable public final class AccountModel {
    public enum Event {
        case load
        case save(AccountFields)
        case test, renewKey
        case showSetupCode, hideSetupCode
        case remove
    }

    public let id: String
    public private(set) var state = AccountState()
    private let phone: Phone
    private let why: String
    public let lockOut: LockOutModel

    public init(_ phone: Phone, id: String, why: String) {
        (self.phone, self.id, self.why) = (phone, id, why)
        lockOut = LockOutModel(phone, of: id, why: why)
    }

    /// Of this account alone; nothing until it is loaded.
    public var history: HistoryModel? { state.summary.map { HistoryModel(phone, of: $0) } }

    public func handle(_ event: Event) async {
        (state.trouble, state.notice) = (nil, nil)
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        let id = id
        switch event {
        case .load: try await load()
        case .save(let fields): try await save(fields)
        case .test: try await run(.selfTest(account: id, host: await phone.hostFacts()))
        case .renewKey: try await run(.rotateKey(account: id))
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
        state.label = details.approvals?.can.look == true ? try await phone.label(of: id) : nil
        state.keyInHardware = details.approvals?.key.flatMap { phone.platform.deviceKeys.isInHardware(id: $0.id) }
    }

    private func save(_ fields: AccountFields) async throws {
        let id = id
        let tags = fields.tags.split(whereSeparator: { ",、,".contains($0) })
            .map { $0.trimmingCharacters(in: .whitespaces) }
        let isLookedAt = state.details?.approvals?.can.look == true
        try await phone.change { core, now in
            try core.rename(id: id, issuer: fields.issuer, name: fields.name, now: now)
            try core.setTags(id: id, tags: tags, now: now)
            try core.setNote(id: id, note: fields.note, now: now)
            if isLookedAt { try core.setLabel(id: id, label: fields.label.isEmpty ? nil : fields.label, now: now) }
        }
        try await load()
    }

    private func run(_ job: Job) async throws {
        guard !state.isWorking else { return }
        state.isWorking = true
        defer { state.isWorking = false }
        switch try await phone.run(job).outcome {
        case .tested(let checks): state.checks = checks
        case .rotated:
            state.notice = .keyRenewed
            try await load()
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
