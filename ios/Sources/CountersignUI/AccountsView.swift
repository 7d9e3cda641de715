import Countersign
import CountersignKit
import SwiftUI

struct AccountsView: View {
    @Bindable var app: OpenApp
    let words: Words
    let lock: @MainActor () async -> Void
    @State private var query = ""

    private var model: AccountsModel { app.accounts }

    var body: some View {
        NavigationStack {
            content
                // Also when a page over it, such as the settings, is left.
                .onAppear { Task { await model.handle(.load) } }
                .navigationTitle(words("app.name"))
                .toolbar {
                    ToolbarItem(placement: .primaryAction) {
                        Button {
                            app.adding = AddModel(app.phone)
                        } label: {
                            Label(words("accounts.add"), systemImage: "plus")
                        }
                    }
                    ToolbarItem(placement: .navigation) { menu }
                }
        }
        .sheet(isPresented: isAdding) {
            if let adding = app.adding { AddView(model: adding, app: app, words: words) }
        }
        .sheet(isPresented: isAnswering) {
            if let requests = app.requests { RequestView(model: requests, app: app, words: words) }
        }
        .sheet(isPresented: isInRoom) {
            if let room = app.room { RoomView(room: room, app: app, words: words) }
        }
        .task { await keepTime() }
    }

    @ViewBuilder private var content: some View {
        if model.state.isEmpty {
            Page(words("accounts.empty.title")) {
                LeftoversView(model: model, words: words)
                Text(words("accounts.empty.body"))
                if model.state.trashCount > 0 { Text(words("accounts.empty.trash")) }
                MainButton(words("accounts.add")) { app.adding = AddModel(app.phone) }
                ActionButton(words("first_run.ready.import")) { app.enter(.importing, words) }
            }
        } else {
            list
        }
    }

    private var list: some View {
        List {
            LookSection(app: app, words: words)
            ForEach(model.state.floods, id: \.summary.id) { FloodView(flooded: $0, model: model, words: words) }
            LeftoversView(model: model, words: words)
            BackupBanner(app: app, words: words)
            if let selected = model.state.selected { SelectionBar(model: model, selected: selected, words: words) }
            TroubleView(trouble: model.state.trouble, words: words)
            if !model.state.undo.isEmpty {
                HStack {
                    Text(words.counted("accounts.trashed", model.state.undo.count))
                    Spacer()
                    ActionButton(words("common.undo")) { await model.handle(.undo) }
                }
            }
            if !model.state.tags.isEmpty { TagBar(model: model) }
            if model.state.accounts.isEmpty {
                Text(words(model.state.query.isEmpty ? "accounts.none_of_tag" : "accounts.nothing_found"))
            }
            ForEach(model.state.accounts, id: \.id) { account in
                AccountRow(account: account, app: app, words: words)
            }
            .onMove { from, to in Task { await move(from, to) } }
        }
        .searchable(text: $query, prompt: words("accounts.search"))
        .onChange(of: query) { _, text in Task { await model.handle(.search(text)) } }
        .refreshable { await look() }
    }

    private var menu: some View {
        Menu {
            if model.state.canLook {
                SystemButton(words("accounts.look")) { await look() }
                SystemButton(words("accounts.expect")) { await expect() }
            }
            if model.state.trashCount > 0 {
                NavigationLink(words("accounts.trash", ["count": String(model.state.trashCount)])) {
                    TrashView(model: TrashModel(app.phone), accounts: model, words: words)
                }
            }
            ForEach(Door.all, id: \.title) { door in
                SystemButton(words(door.title)) { app.enter(door.room, words) }
            }
            NavigationLink(words("settings.title")) {
                SettingsView(model: SettingsModel(app.phone, why: words("settings.title")), words: words) {
                    app.enter($0, words)
                }
            }
            SystemButton(words("accounts.lock"), action: lock)
        } label: {
            Label(words("common.more"), systemImage: "ellipsis.circle")
        }
    }

    private var isAdding: Binding<Bool> {
        Binding(get: { app.adding != nil }, set: { if !$0 { app.adding = nil } })
    }

    private var isAnswering: Binding<Bool> {
        Binding(get: { app.requests != nil }, set: { if !$0 { app.leaveRequests() } })
    }

    private var isInRoom: Binding<Bool> {
        Binding(get: { app.room != nil }, set: { if !$0 { app.leaveRoom() } })
    }

    private func keepTime() async {
        while !Task.isCancelled {
            await model.handle(.tick)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func look() async {
        await model.handle(.look)
        await app.showRequests(words)
    }

    private func expect() async {
        await model.handle(.expect)
        await app.showRequests(words)
    }

    private func move(_ from: IndexSet, _ to: Int) async {
        guard let index = from.first else { return }
        let accounts = model.state.accounts
        await model.handle(.move(accounts[index].id, before: to < accounts.count ? accounts[to].id : nil))
    }
}

/// Requests that wait, and what a look for them does.
struct LookSection: View {
    let app: OpenApp
    let words: Words

    private var state: AccountsState { app.accounts.state }

    var body: some View {
        if !state.waiting.isEmpty {
            Button {
                Task { await app.showRequests(words) }
            } label: {
                Label(words.counted("accounts.waiting", state.waiting.count), systemImage: "bell.badge")
                    .font(.headline).frame(minHeight: Look.touch)
            }
        }
        switch state.look {
        case .quiet: EmptyView()
        case .looking: ProgressView(words("look.now"))
        case .nothing: Text(words("look.nothing")).foregroundStyle(.secondary)
        case .failed(let trouble): TroubleView(trouble: trouble, words: words)
        case .expecting(let until):
            HStack {
                ProgressView(words("look.expecting", ["time": left(until)]))
                Spacer()
                ActionButton(words("look.stop")) { await app.accounts.handle(.stopLooking) }
            }
        }
    }

    private func left(_ untilMs: UInt64) -> String {
        // Its second is what draws this anew: no view sees the steady clock pass.
        _ = app.accounts.wall
        let now = app.phone.now.steadyMs
        let seconds = Int(untilMs > now ? (untilMs - now) / 1000 : 0)
        return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    }
}

/// The tags. A tap on one leaves the accounts that have it, another tap on it all of them.
struct TagBar: View {
    let model: AccountsModel

    var body: some View {
        ScrollView(.horizontal) {
            HStack {
                ForEach(model.state.tags, id: \.self) { tag in chip(tag, isChosen: model.state.tag == tag) }
            }
        }
    }

    private func chip(_ tag: String, isChosen: Bool) -> some View {
        Button {
            Task { await model.handle(.filter(isChosen ? nil : tag)) }
        } label: {
            Label(tag, systemImage: isChosen ? "checkmark" : "tag").frame(minHeight: Look.touch)
        }
        .buttonStyle(.bordered)
        .accessibilityAddTraits(isChosen ? [.isButton, .isSelected] : .isButton)
    }
}

/// What is done with several accounts at once.
struct SelectionBar: View {
    let model: AccountsModel
    let selected: Set<String>
    let words: Words
    @State private var tag = ""

    var body: some View {
        VStack(alignment: .leading) {
            HStack {
                Text(words.counted("accounts.selected", selected.count)).font(.headline)
                Spacer()
                ActionButton(words("accounts.select_none")) { await model.handle(.endSelecting) }
            }
            HStack {
                TextField(words("accounts.tag.name"), text: $tag)
                ActionButton(words("accounts.tag")) { await model.handle(.tagSelected(tag)) }
            }
            ActionButton(words("accounts.favourite")) { await model.handle(.favouriteSelected) }
            ActionButton(words("accounts.remove"), role: .destructive) { await model.handle(.removeSelected) }
        }
        // One row of the list: else a tap on it is a tap on each of its buttons.
        .buttonStyle(.borderless)
    }
}
