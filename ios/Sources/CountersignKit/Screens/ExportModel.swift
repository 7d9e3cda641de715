import Countersign
import Foundation
import Observation

/// Takes accounts out: what a format can't carry is shown before anything is written, and the person is checked.
@MainActor @Observable public final class ExportModel {
    public enum Event {
        case format(ExportFormat)
        case choose(String)
        case chooseAll(Bool)
        case next
        case password(String, again: String)
        case withoutPassword
        case write
        case show(Int)
        case print
        /// The file is where the person wanted it; or it could not be put there.
        case saved(Bool)
        case finish
        case back
    }

    public private(set) var state = ExportState()
    private let phone: Phone
    private let words: Words
    private var export: Export?
    /// Pixels of a module: codes are scanned from a screen.
    private static let scale: UInt32 = 8

    public init(_ phone: Phone, _ words: Words) {
        (self.phone, self.words) = (phone, words)
    }

    public func handle(_ event: Event) async {
        phone.stay()
        state.trouble = nil
        if let trouble = await Trouble.of({ try await perform(event) }) { state.trouble = trouble }
    }

    private func perform(_ event: Event) async throws {
        switch event {
        case .format(let format): try await choose(format)
        case .choose(let id): state.chosen.formSymmetricDifference([id])
        case .chooseAll(let all): state.chosen = all ? Set(state.rows.filter(\.isCarried).map(\.id)) : []
        case .next:
            guard !state.carried.isEmpty else { return }
            state.stage = exportTakesPassword(format: state.format) ? .protect : .plain
        case .password(let text, let again):
            state.passwordsDiffer = text != again
            if !state.passwordsDiffer, !text.isEmpty { try await write(under: text) }
        case .withoutPassword: state.stage = .plain
        case .write: try await write(under: nil)
        case .show(let place): try show(place)
        case .print: try await print()
        case .saved(let isSaved):
            if !isSaved { throw Trouble.file(.unwritable) }
            finish()
        case .finish: finish()
        case .back: back()
        }
    }

    /// Whoever comes next sees nothing of it.
    public func close() {
        forget()
        (export, state) = (nil, ExportState())
    }

    private func choose(_ format: ExportFormat) async throws {
        state.format = format
        state.rows = try await phone.read { try $0.previewExport(format: format, accounts: nil, now: $1) }
        state.chosen = Set(state.rows.filter(\.isCarried).map(\.id))
        state.stage = .accounts
    }

    /// Whoever sees it has the accounts: the person is checked first.
    private func write(under password: String?) async throws {
        let before = state.stage
        guard before == .protect || before == .plain else { return }
        state.stage = .working
        do {
            try await phone.confirmOwner(words("export.title"))
            let (format, words, accounts) = (state.format, words, state.carried.map(\.id))
            let export = try await phone.read { core, now in
                let target = try format.target(password, words.sheet(now.wall))
                return try core.export(target: target, accounts: accounts, now: now)
            }
            self.export = export
            if let name = exportFileName(format: format), let content = export.file() {
                state.stage = .file(ExportedFile(name: name, content: content))
            } else {
                try show(0)
            }
        } catch {
            state.stage = before
            throw error
        }
    }

    private func show(_ place: Int) throws {
        guard let export, (0..<Int(export.codeCount())).contains(place) else { return }
        let picture = try export.codePng(place: UInt32(place), scale: Self.scale)
        forget()
        state.stage = .code(ExportedCode(place: place, count: Int(export.codeCount()), picture: picture))
    }

    private func print() async throws {
        guard case .file(let file) = state.stage else { return }
        if try await phone.platform.printer.print(file.content, title: words("sheet.title")) { finish() }
    }

    private func finish() {
        forget()
        (export, state.stage) = (nil, .done)
    }

    private func back() {
        let before: ExportState.Stage =
            switch state.stage {
            case .protect: .accounts
            case .plain: exportTakesPassword(format: state.format) ? .protect : .accounts
            default: .formats
            }
        forget()
        (export, state.stage, state.passwordsDiffer) = (nil, before, false)
    }

    /// Overwrites what is on the screen.
    private func forget() {
        switch state.stage {
        case .file(var file):
            state.stage = .working
            file.content.wipe()
        case .code(var code):
            state.stage = .working
            code.picture.wipe()
        default: break
        }
    }
}
