import Countersign

/// The end of something that a lock, or the end of the app, had interrupted.
public struct Leftover: Equatable, Sendable {
    public enum End: Equatable, Sendable {
        case setUp(issuer: String, name: String)
        /// The answer to a sign-in is at its server.
        case answered
        /// The answer to a sign-in did not become what was asked for.
        case answerStopped(Reason)
        case keyRenewed, lockedOut
        case stopped(Trouble)
    }

    public let end: End
    /// What it was of; nothing where no account is, or is any more.
    public let account: Summary?

    public init(_ end: End, of account: Summary? = nil) { (self.end, self.account) = (end, account) }
}

extension Leftover.End {
    /// What changes nothing for a person has nothing to tell.
    public init?(_ outcome: Outcome) {
        switch outcome {
        case .enrolled(let issuer, let account): self = .setUp(issuer: issuer, name: account)
        case .answered(let answered): self = answered.failure.map { .answerStopped($0) } ?? .answered
        case .rotated: self = .keyRenewed
        case .lockedOut: self = .lockedOut
        // Another run has done it meanwhile, or its account is gone.
        case .refused(.requestBusy), .refused(.noSuchAccount): return nil
        case .refused(let reason), .unknown(let reason): self = .stopped(.reason(reason))
        case .checked, .tested, .pushAddressSet: return nil
        }
    }
}

extension Answered {
    /// Why it did not become what was asked for; nothing where it did.
    fileprivate var failure: Reason? {
        switch result {
        case .approved: nil
        // What no server is told of is declined all the same.
        case .declined: reason == .noDecline ? nil : reason
        case .expired: reason ?? .requestExpired
        case .answeredElsewhere: reason ?? .answeredElsewhere
        case .wrongAnswer: reason ?? .wrongNumber
        case .unknown: reason ?? .resultUnknown
        }
    }
}

extension Phone {
    /// Brings to an end what an app that was killed, or a lock, left unfinished: all of it at once, so that none that
    /// fails and no server that is slow keeps the rest. Each end is told; nothing where there is nothing to tell.
    @MainActor public func goOn(_ tell: @MainActor (Leftover?) async -> Void) async {
        // Where even this can't be read, the list of accounts says why.
        let left = try? await read { core, now in
            // With its end an account may be gone.
            try core.unfinished(now: now).map { left in
                (left.run, left.account.flatMap { try? core.summary(id: $0, now: now) })
            }
        }
        guard let left else { return }
        await withTaskGroup(of: Leftover?.self) { group in
            for (run, account) in left { group.addTask { await self.end(of: run).map { Leftover($0, of: account) } } }
            for await end in group {
                keepHead()
                backups.changed()
                await tell(end)
            }
        }
    }

    private func end(of run: RunId) async -> Leftover.End? {
        do {
            return Leftover.End(try await runner.resume(run, asking: Nobody()).outcome)
        } catch CountersignError.Refused(reason: .noSuchRun) {
            // Another process does it or has done it; or it only looked, and is begun anew.
            return nil
        } catch CountersignError.Locked {
            // It is gone on with after the next unlocking.
            return nil
        } catch {
            return .stopped(Trouble(error))
        }
    }
}
