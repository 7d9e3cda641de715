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
        }
    }

    private func close() {
        app.leaveRoom()
        Task { await app.accounts.handle(.load) }
    }
}
