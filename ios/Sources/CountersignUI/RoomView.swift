import CountersignKit
import SwiftUI

/// A room for a job with many accounts at once, over the list of accounts.
struct RoomView: View {
    let room: OpenApp.Room
    let app: OpenApp
    let words: Words

    var body: some View {
        NavigationStack {
            page
                .toolbar {
                    ToolbarItem(placement: .cancellationAction) { Button(words("common.close")) { close() } }
                }
        }
    }

    @ViewBuilder private var page: some View {
        switch room {
        case .importing(let model): ImportView(model: model, words: words)
        case .exporting(let model): ExportView(model: model, words: words)
        case .backup(let model): BackupView(model: model, words: words) { app.enter(.restoring, words) }
        case .recovery(let model): NewRecoveryCode(model: model, words: words) { close() }
        }
    }

    private func close() {
        app.leaveRoom()
        Task { await app.accounts.handle(.load) }
    }
}

/// The way to a room.
struct Door {
    let room: Start
    /// Keys of words: its name, and what it is for.
    let title, detail: String

    static let all = [
        Door(room: .importing, title: "import.title", detail: "import.detail"),
        Door(room: .exporting, title: "export.title", detail: "export.detail"),
        Door(room: .backup, title: "backup.title", detail: "backup.detail"),
        Door(room: .restoring, title: "restore.title", detail: "restore.detail"),
    ]
}
