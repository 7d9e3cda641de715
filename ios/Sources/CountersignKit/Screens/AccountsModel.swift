import Countersign
import Foundation
import Observation

public struct AccountsState: Equatable, Sendable {
    /// What is known about requests that wait.
    public enum Look: Equatable, Sendable {
        case quiet, looking, nothing
        /// A sign-in is expected, until this moment of the steady clock.
        case expecting(untilMs: UInt64)
        case failed(Trouble)

        /// A person waits for what it finds.
        var isAsked: Bool {
            switch self {
            case .looking, .expecting: true
            case .quiet, .nothing, .failed: false
            }
        }
    }

    public var accounts: [Summary] = []
    public var codes: [String: Codes] = [:]
    /// Accounts whose codes no time makes, of those that were on the screen.
    public var byUse: Set<String> = []
    /// Codes by use are shown where one was asked for.
    public var usedCodes: [String: String] = [:]
    public var trashCount = 0
    public var query = ""
    public var tags: [String] = []
    public var tag: String?
    public var hidesCodes = false
    /// Accounts whose hidden code was tapped; shown until this moment of the steady clock.
    public var revealed: [String: UInt64] = [:]
    public var selected: Set<String>?
    /// The account whose code was copied.
    public var copied: String?
    /// Accounts that can be put back out of the trash.
    public var undo: [String] = []
    public var waiting: [SeenRequest] = []
    /// An account has sign-ins to look for: without one, or where all are scanned, there is nothing.
    public var canLook = false
    public var look = Look.quiet
    /// Accounts that more sign-ins are asked of than one person begins.
    public var floods: [Flooded] = []
    /// What was interrupted before and has ended since, until it was read.
    public var leftovers: [Leftover] = []
    public var trouble: Trouble?

    public func isHidden(_ id: String) -> Bool { hidesCodes && revealed[id] == nil }
    public func canShift(_ id: String, by places: Int) -> Bool { pair(id, shiftedBy: places) != nil }
    public var isEmpty: Bool { accounts.isEmpty && query.isEmpty && tag == nil }

    /// Two neighbours, the upper one first, of which one moves to the other's place. Favourites stay before all others:
    /// an account moves among its like.
    fileprivate func pair(_ id: String, shiftedBy places: Int) -> (upper: String, lower: String)? {
        guard let from = accounts.firstIndex(where: { $0.id == id }), accounts.indices.contains(from + places),
            accounts[from].favourite == accounts[from + places].favourite
        else { return nil }
        return (accounts[min(from, from + places)].id, accounts[max(from, from + places)].id)
    }
}

/// An account that more sign-ins are asked of than one person begins.
public struct Flooded: Equatable, Sendable {
    public let summary: Summary
    public let flood: Flood

    public init(summary: Summary, flood: Flood) { (self.summary, self.flood) = (summary, flood) }
}

/// The list of accounts with their codes. Codes are asked for when a period begins, and only for rows on the screen.
@MainActor @Observable public final class AccountsModel {
    public enum Event {
        case load, tick
        case appeared(String)
        case disappeared(String)
        case search(String)
        case filter(String?)
        case tap(String)
        case nextCode(String)
        case favourite(String, Bool)
        case move(String, before: String?)
        /// By one place, up with -1 and down with 1.
        case shift(String, by: Int)
        case select(String)
        case endSelecting
        case tagSelected(String)
        case favouriteSelected
        case removeSelected
        case remove(String)
        case undo
        case look, expect, stopLooking
        /// No sign-in of this account is told for a while.
        case beQuiet(String)
        case endQuiet(String)
        /// Something that was interrupted has ended; there may be nothing to tell.
        case ended(Leftover?)
        case leftoversRead
    }

    /// Seconds that a copied code stays on the clipboard.
    public static let clipboardSeconds = 30
    /// So long a hidden code is shown after a tap.
    private static let revealedMs: UInt64 = 30_000

    public private(set) var state = AccountsState()
    /// The wall clock at the last tick. Apart from the state: a second changes no row but by this.
    public private(set) var wall: UnixTime
    private let phone: Phone
    private var visible: Set<String> = []
    /// Until then no code changes.
    private var nextPeriod = UnixTime.min
    /// Accounts with sign-in requests, also those that the search and the tag leave out of the list.
    private var approving: [String] = []
    private var isStopped = false
    /// By account; each looks once.
    private var looks: [String: Task<Void, Never>] = [:]
    /// By account, why not all that waits could be seen of it when a person asked, until a later look succeeds.
    private var failures: [String: Trouble] = [:]
    /// By the steady clock: then the core is asked what is to be looked at.
    private var nextLooksMs: UInt64 = 0
    /// Is given what waits, each time that it was read.
    @ObservationIgnored var whenRead: @MainActor ([SeenRequest]) async -> Void = { _ in }

    public init(_ phone: Phone) {
        self.phone = phone
        wall = phone.now.wall
    }

    public func handle(_ event: Event) async {
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: try await load()
        case .tick: try await tick()
        case .appeared(let id):
            if visible.insert(id).inserted { try await computeCodes(of: [id]) }
        case .disappeared(let id): visible.remove(id)
        case .search(let text):
            state.query = text
            try await load()
        case .filter(let tag):
            state.tag = tag
            try await load()
        case .tap(let id): tap(id)
        case .nextCode(let id):
            state.usedCodes[id] = try await phone.change { try $0.useCounter(id: id, now: $1) }
        case .favourite(let id, let is_):
            try await changeAndLoad { try $0.setFavourite(id: id, favourite: is_, now: $1) }
        case .move(let id, let before):
            try await changeAndLoad { try $0.moveBefore(id: id, before: before, now: $1) }
        case .shift(let id, let places):
            guard let (upper, lower) = state.pair(id, shiftedBy: places) else { return }
            try await changeAndLoad { try $0.moveBefore(id: lower, before: upper, now: $1) }
        case .select(let id): state.selected = (state.selected ?? []).symmetricDifference([id])
        case .endSelecting: state.selected = nil
        case .tagSelected(let tag): try await addTag(tag)
        case .favouriteSelected:
            let ids = state.selected ?? []
            try await changeAndLoad { for id in ids { try $0.setFavourite(id: id, favourite: true, now: $1) } }
            state.selected = nil
        case .removeSelected: try await remove(Array(state.selected ?? []))
        case .remove(let id): try await remove([id])
        case .undo: try await putBack()
        case .look: try await lookNow()
        case .expect: try await expect()
        case .stopLooking:
            isStopped = true
            try await phone.read { try $0.stopExpecting(now: $1) }
        case .beQuiet(let id): try await changeAndLoad { try $0.beQuiet(account: id, now: $1) }
        case .endQuiet(let id): try await changeAndLoad { try $0.endQuiet(account: id, now: $1) }
        case .ended(let leftover):
            if let leftover { state.leftovers.append(leftover) }
            try await load()
        case .leftoversRead: state.leftovers = []
        }
    }

    private func load() async throws {
        let query = state.query
        let (all, found, trash, seen, floods, canLook) = try await phone.read { core, now in
            let all = try core.accounts(shelf: .inUse, now: now)
            let found = query.isEmpty ? all : try core.search(text: query, shelf: .inUse, now: now)
            let trash = try core.accounts(shelf: .trash, now: now).count
            let canLook = try all.contains { try $0.approvals && core.isLookedAt($0.id, now) }
            return (all, found, trash, try core.lastSeen(now: now), try core.floods(now: now), canLook)
        }
        state.hidesCodes = phone.platform.preferences.load().hidesCodes
        state.canLook = canLook
        approving = all.filter(\.approvals).map(\.id)
        (state.tags, state.trashCount) = (Set(all.flatMap(\.tags)).sorted(), trash)
        // With its last account a tag is gone, and nothing else would take the filter off.
        state.tag = state.tag.flatMap { state.tags.contains($0) ? $0 : nil }
        state.accounts = state.tag.map { tag in found.filter { $0.tags.contains(tag) } } ?? found
        state.waiting = seen.filter { $0.request.expiresAt > phone.now.wall }
        state.floods = floods.compactMap { flood in
            all.first { $0.id == flood.account }.map { Flooded(summary: $0, flood: flood) }
        }
        let known = Set(found.map(\.id))
        visible.formIntersection(known)
        state.codes = state.codes.filter { known.contains($0.key) }
        await whenRead(state.waiting)
    }

    private func tick() async throws {
        wall = phone.now.wall
        let steady = phone.now.steadyMs
        if state.revealed.contains(where: { $0.value <= steady }) {
            state.revealed = state.revealed.filter { $0.value > steady }
        }
        if wall >= nextPeriod { try await computeCodes(of: Array(visible)) }
        if state.waiting.contains(where: { $0.request.expiresAt <= wall }) {
            state.waiting.removeAll { $0.request.expiresAt <= wall }
        }
        if !state.look.isAsked, steady >= nextLooksMs { try await beginLooks() }
    }

    private func computeCodes(of ids: [String]) async throws {
        guard !ids.isEmpty else { return }
        let codes = try await phone.read { try $0.codes(ids: ids, now: $1) }
        for (id, codes) in zip(ids, codes) {
            state.codes[id] = codes
            if codes == nil { state.byUse.insert(id) }
        }
        nextPeriod = visible.compactMap { state.codes[$0]?.validUntil }.min() ?? .max
    }

    private func tap(_ id: String) {
        if state.selected != nil {
            state.selected?.formSymmetricDifference([id])
        } else if state.isHidden(id) {
            state.revealed[id] = phone.now.steadyMs + Self.revealedMs
        } else if let code = state.codes[id]?.current ?? state.usedCodes[id] {
            phone.platform.clipboard.copyCode(code, forSeconds: Self.clipboardSeconds)
            state.copied = id
        }
    }

    private func changeAndLoad(_ work: @escaping @Sendable (Authenticator, Now) throws -> Void) async throws {
        try await phone.change(work)
        try await load()
    }

    private func addTag(_ tag: String) async throws {
        let ids = state.selected ?? []
        try await changeAndLoad { core, now in
            for id in ids {
                try core.setTags(id: id, tags: core.summary(id: id, now: now).tags + [tag], now: now)
            }
        }
        state.selected = nil
    }

    private func remove(_ ids: [String]) async throws {
        try await changeAndLoad { core, now in for id in ids { try core.remove(id: id, now: now) } }
        (state.undo, state.selected) = (ids, nil)
    }

    private func putBack() async throws {
        let ids = state.undo
        state.undo = []
        try await changeAndLoad { core, now in for id in ids { try core.restore(id: id, now: now) } }
    }

    /// Looks at every account now: at all of them at once, so that a slow server keeps no other sign-in waiting.
    private func lookNow() async throws {
        state.look = .looking
        failures = [:]
        var trouble: Trouble?
        do {
            try await phone.read { core, _ in core.lookNow() }
            try await beginLooks()
            await withTaskGroup(of: Trouble?.self) { group in
                for account in looks.keys { group.addTask { await self.lookEnds(at: account) } }
                for await stopped in group { trouble = stopped ?? trouble }
            }
        } catch {
            trouble = Trouble(error)
        }
        end(trouble)
    }

    /// Until none at this account is due or under way: what was under way may have been answered before the person
    /// asked, and another look follows it. Why none can follow, where it can't.
    private func lookEnds(at account: String) async -> Trouble? {
        while let look = looks[account] {
            await look.value
            if let stopped = await Trouble.of({ try await beginLooks() }) { return stopped }
        }
        return nil
    }

    /// Begins what the core says is due. It is not waited for: what is found is shown at once.
    private func beginLooks() async throws {
        let next = try await phone.read { try $0.nextLooks(now: $1) }
        nextLooksMs = phone.now.steadyMs + next.waitMs
        for account in next.due where looks[account] == nil {
            looks[account] = Task {
                await look(at: account)
                looks[account] = nil
                // A look that has ended is a reason to ask.
                nextLooksMs = 0
            }
        }
    }

    /// Looks often while a person expects one: until it is there, the time is over or they stop it.
    private func expect() async throws {
        let leftMs = try await phone.read { core, now in
            try core.expectSignIn(now: now)
            return core.expectingMs(now: now)
        }
        isStopped = false
        state.look = .expecting(untilMs: phone.now.steadyMs + (leftMs ?? 0))
        failures = [:]
        var trouble: Trouble?
        await withTaskGroup(of: Trouble?.self) { group in
            for account in approving { group.addTask { await self.expect(at: account) } }
            for await stopped in group { trouble = stopped ?? trouble }
        }
        if isStopped, state.waiting.isEmpty { state.look = .quiet } else { end(trouble) }
    }

    /// Looks at one account again and again, at its own pace. Why it can't go on, where it can't.
    private func expect(at account: String) async -> Trouble? {
        do {
            // The core says when the time is over, or what was expected is there.
            while let leftMs = try await phone.read({ core, now in core.expectingMs(now: now) }) {
                let next = try await phone.read { try $0.nextLooks(now: $1) }
                if next.due.contains(account) {
                    await look(at: account)
                } else {
                    try await phone.platform.time.sleep(ms: min(next.waitMs, leftMs))
                }
            }
            return nil
        } catch {
            return Trouble(error)
        }
    }

    private func end(_ trouble: Trouble?) {
        let failed = (trouble ?? failures.values.first).map(AccountsState.Look.failed)
        state.look = failed ?? (state.waiting.isEmpty ? .nothing : .quiet)
    }

    private func look(at account: String) async {
        if let trouble = await lookOnce(at: account) {
            if state.look.isAsked { failures[account] = trouble }
        } else if failures.removeValue(forKey: account) != nil, failures.isEmpty, case .failed = state.look {
            state.look = .quiet
        }
    }

    /// What is found is shown at once. Why not all that waits is known, where it isn't.
    private func lookOnce(at account: String) async -> Trouble? {
        do {
            let ended = try await phone.run(.check(account: account))
            try await load()
            switch ended.outcome {
            case .checked(_, let hidden): return hidden.map { .reason($0) }
            // Where sign-ins are scanned there is nothing to see.
            case .refused(.scanToAnswer): return nil
            case .refused(let reason), .unknown(let reason): return .reason(reason)
            default: return nil
            }
        } catch {
            return Trouble(error)
        }
    }
}

extension Authenticator {
    /// Whether an account that approves sign-ins has any to look for. One that can't be read is looked at: the look
    /// says so.
    fileprivate func isLookedAt(_ id: String, _ now: Now) throws -> Bool {
        do {
            return try details(id: id, now: now).approvals?.can.look == true
        } catch CountersignError.Unreadable {
            return true
        }
    }
}
