import Countersign
import Foundation
import Observation

/// Brings in accounts of other apps' files, or of a backup of ours: what is in them is shown before anything is taken.
@MainActor @Observable public final class ImportModel {
    public enum Event {
        case load
        case files([PickedFile])
        case allowMemory
        case password(String)
        case recoveryCode(String)
        /// Stops what is going on: the derivation, or with the file that wants a password.
        case stop
        case choose(UInt64)
        case chooseAll(Bool)
        case bringIn
        case undo(String)
        case again
    }

    /// Seconds from one sign that the person is there to the next: fewer than the shortest grace time has that is one.
    private static let betweenSigns = 5

    public private(set) var state: ImportState
    private let phone: Phone
    /// Files that are still to be read.
    private var waiting: [PickedFile] = []
    private var batch: ImportBatch?
    @ObservationIgnored private var unlocking: Task<ImportBatch, any Error>?

    public init(_ phone: Phone, restores: Bool = false) {
        self.phone = phone
        state = ImportState(restores: restores)
    }

    deinit { unlocking?.cancel() }

    public func handle(_ event: Event) async {
        phone.stay()
        (state.trouble, state.undone) = (nil, nil)
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .load: try await loadPast()
        case .files(let files): try await read(files)
        case .allowMemory: allowMemory()
        case .password(let text):
            try await unlock(text) { try $0.file.unlock(password: $1, memoryKib: $0.memoryKib) }
        case .recoveryCode(let text): try await unlock(text) { try $0.file.unlockWithCode(typed: $1) }
        case .stop: try await stop()
        case .choose(let entry):
            if state.takeable.contains(entry) { state.chosen.formSymmetricDifference([entry]) }
        case .chooseAll(let all): state.chosen = all ? Set(state.takeable) : []
        case .bringIn: try await bringIn()
        case .undo(let id): try await undo(id)
        case .again:
            forget()
            try await loadPast()
        }
    }

    /// Nobody waits for what was read, or is still being opened.
    public func close() {
        unlocking?.cancel()
        forget()
    }

    private func loadPast() async throws {
        state.past = try await phone.read { try $0.pastImports(now: $1) }.reversed()
    }

    private func read(_ files: [PickedFile]) async throws {
        guard !files.isEmpty else { return }
        waiting += files
        switch state.stage {
        case .choosing, .preview, .done, .failed: try await readOn()
        // They are read when this is over.
        case .reading, .memory, .locked, .deriving, .working: break
        }
    }

    /// Reads the files that wait, up to one that wants a password.
    private func readOn() async throws {
        while !waiting.isEmpty {
            let file = waiting.removeFirst()
            state.stage = .reading(file.name)
            do {
                let restores = state.restores
                switch try await Task.detached(operation: { try file.open(asBackup: restores) }).value {
                case .entries(let batch): take(batch)
                case .needsPassword(let locked): if await ask(for: locked, file.name) { return }
                }
            } catch {
                state.unread.append(UnreadFile(name: file.name, trouble: Trouble(error)))
            }
        }
        try await preview()
    }

    private func take(_ new: ImportBatch) {
        batch = batch?.joined(other: new) ?? new
        let app = new.kind().app
        if !state.apps.contains(app) { state.apps.append(app) }
        state.madeAt = new.madeAt() ?? state.madeAt
    }

    /// Asks for what opens a file; false where nothing does.
    private func ask(for locked: LockedImport, _ name: String) async -> Bool {
        let file = await Task.detached { [time = phone.platform.time] in
            let start = time.now().steadyMs
            let parts = locked.trial()
            let seconds = Double(time.now().steadyMs - start) * Double(parts) / 1000
            return LockedFile(
                name: name, app: locked.kind().app, takesCode: locked.takesCode(), seconds: Int(min(seconds, 1e9)),
                memoryMib: locked.extraMemoryMib, file: locked)
        }.value
        let wanted = (file.memoryMib ?? 0) * 1024
        if let over = locked.overLimit(memoryKib: wanted) {
            let trouble = Trouble.reason(.derivationTooCostly)
            state.unread.append(UnreadFile(name: name, trouble: trouble, over: over))
            return false
        }
        state.stage = file.memoryMib == nil ? .locked(file) : .memory(file)
        return true
    }

    private func allowMemory() {
        guard case .memory(var file) = state.stage, let mib = file.memoryMib else { return }
        file.memoryKib = mib * 1024
        state.stage = .locked(file)
    }

    private func unlock(
        _ text: String, _ begin: @escaping @Sendable (LockedFile, Data) throws -> ImportUnlocking
    ) async throws {
        guard case .locked(let file) = state.stage, unlocking == nil else { return }
        state.stage = .deriving(file, percent: nil)
        let task = Task { [weak self] in
            let unlocking = try await Task.detached {
                var bytes = Data(text.utf8)
                defer { bytes.wipe() }
                return try begin(file, bytes)
            }.value
            for try await step in unlocking.steps() {
                switch step {
                case .working(let done, let of): self?.isAt(done, of, file)
                case .done(let batch): return batch
                }
            }
            throw CancellationError()
        }
        unlocking = task
        // Whoever waits for it is there: the vault does not lock meanwhile.
        let presence = Task { [phone] in
            while !Task.isCancelled {
                phone.stay()
                try await Task.sleep(for: .seconds(Self.betweenSigns))
            }
        }
        defer {
            presence.cancel()
            unlocking = nil
        }
        do {
            let opened = try await task.value
            if task.isCancelled { throw CancellationError() }
            take(opened)
        } catch {
            if case .deriving = state.stage { state.stage = .locked(file) }
            if !(error is CancellationError) { throw error }
            return
        }
        try await readOn()
    }

    private func isAt(_ done: UInt64, _ of: UInt64, _ file: LockedFile) {
        let stage = ImportState.Stage.deriving(file, percent: of > 0 ? Int(done * 100 / of) : nil)
        // One that was stopped or left says nothing any more.
        if let unlocking, !unlocking.isCancelled, state.stage != stage { state.stage = stage }
    }

    private func stop() async throws {
        if let unlocking {
            unlocking.cancel()
        } else {
            try await readOn()
        }
    }

    /// Holds what was read against the vault. What came with another file is chosen as it is usual, and the person's
    /// choice among the rest stays.
    private func preview() async throws {
        guard let batch else {
            state.stage = state.unread.isEmpty ? .choosing : .failed
            return
        }
        let known = Set(state.rows.map(\.entry))
        state.rows = try await phone.read { try $0.previewImport(batch: batch, now: $1) }
        state.chosen.formUnion(state.rows.filter { $0.chosen && !known.contains($0.entry) }.map(\.entry))
        state.missing = batch.missingParts()
        state.parts = batch.partCount()
        state.stage = .preview
    }

    private func bringIn() async throws {
        guard state.stage == .preview, let batch else { return }
        state.stage = .working
        let chosen = state.chosen.sorted()
        let result: ImportResult
        do {
            result = try await phone.change { try $0.importEntries(batch: batch, chosen: chosen, now: $1) }
        } catch {
            state.stage = .preview
            throw error
        }
        let setUps = state.setUps
        forget()
        state.stage = .done(ImportDone(id: result.id, count: result.accounts.count, setUps: setUps))
        try await loadPast()
    }

    private func undo(_ id: String) async throws {
        state.undone = Int(clamping: try await phone.change { try $0.undoImport(id: id, now: $1) })
        state.stage = .choosing
        try await loadPast()
    }

    /// What was read is nobody's any more.
    private func forget() {
        (waiting, batch, state) = ([], nil, ImportState(restores: state.restores))
    }
}
