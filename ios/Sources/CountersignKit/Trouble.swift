import Countersign

/// Why something did not work, as a screen shows it. It holds nothing secret.
public enum Trouble: Error, Equatable, Sendable {
    case reason(Reason)
    case recoveryCode(CodeMistake)
    case file(FileTrouble)
    /// What should not happen: named for a report.
    case other(String)

    public init(_ error: any Error) {
        self =
            switch error as? CountersignError {
            case .Refused(let reason), .Unreadable(let reason), .NotWritten(let reason): .reason(reason)
            case .Locked: .reason(.locked)
            case .WrongPassword: .reason(.wrongPassword)
            case .WrongRecoveryCode(let mistake): .recoveryCode(mistake)
            case .PlatformKeyGone: .reason(.platformKeyGone)
            case .WrongWatchKey: .reason(.wrongWatchKey)
            case .NoVault: .reason(.vaultNotFound)
            case .VaultExists: .reason(.vaultExists)
            case .InUse: .reason(.inUse)
            case .NoSuchAccount: .reason(.noSuchAccount)
            case .WrongEvent: .other("WrongEvent")
            case .WrongLength: .other("WrongLength")
            case nil: (error as? Trouble) ?? .other(String(describing: type(of: error)))
            }
    }

    /// Why something did not work; nothing where it did.
    @MainActor static func of(_ work: @MainActor () async throws -> Void) async -> Trouble? {
        do {
            try await work()
            return nil
        } catch {
            return Trouble(error)
        }
    }
}

extension Words {
    public func what(_ trouble: Trouble) -> String {
        switch trouble {
        case .reason(let reason): what(reason)
        case .recoveryCode(.length(let symbols)): self("recovery.mistake.length", ["count": String(symbols)])
        case .recoveryCode(.symbol(let place)): self("recovery.mistake.symbol", ["place": String(place)])
        case .recoveryCode(.check): self("recovery.mistake.check")
        case .recoveryCode(.other): self("recovery.mistake.other")
        case .file(let trouble): self("file." + Self.key(trouble))
        case .other(let name): self("reason.other", ["name": name])
        }
    }

    public func next(_ trouble: Trouble) -> String {
        switch trouble {
        case .reason(let reason): next(reason)
        case .recoveryCode: self("recovery.mistake.next")
        case .file(let trouble): self("file." + Self.key(trouble) + ".next")
        case .other: self("reason.other.next")
        }
    }
}
