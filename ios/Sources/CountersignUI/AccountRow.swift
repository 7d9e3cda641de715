import Countersign
import CountersignKit
import SwiftUI

/// One account with its code. VoiceOver reads the digits one by one, and no code while it is hidden.
struct AccountRow: View {
    let account: Summary
    let app: OpenApp
    let words: Words

    private var model: AccountsModel { app.accounts }
    private var state: AccountsState { model.state }
    private var codes: Codes? { state.codes[account.id] }
    private var code: String? { codes?.current ?? state.usedCodes[account.id] }
    private var isHidden: Bool { state.isHidden(account.id) }
    private var isSelected: Bool { state.selected?.contains(account.id) == true }
    private var secondsLeft: Int { Int(clamping: max(0, (codes?.validUntil ?? 0) - model.wall)) }

    var body: some View {
        VStack(alignment: .leading) {
            row
            nextCode
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(words.name(account))
        .accessibilityValue(spoken)
        .accessibilityAddTraits(isSelected ? [.isButton, .isSelected] : .isButton)
        .accessibilityAction { act(.tap(account.id)) }
        .accessibilityActions { spokenActions }
        .onAppear { act(.appeared(account.id)) }
        .onDisappear { act(.disappeared(account.id)) }
        .contextMenu { actions }
        .swipeActions(edge: .trailing) {
            SystemButton(words("accounts.remove"), role: .destructive) { await model.handle(.remove(account.id)) }
        }
    }

    private var row: some View {
        Button {
            act(.tap(account.id))
        } label: {
            HStack {
                VStack(alignment: .leading, spacing: 4) {
                    names
                    if account.codes { codeLine }
                    if state.copied == account.id {
                        Text(words.counted("accounts.copied", AccountsModel.clipboardSeconds)).font(.footnote)
                    }
                }
                Spacer()
                if isSelected { Image(systemName: "checkmark.circle.fill") }
                if let codes, !isHidden {
                    Countdown(
                        seconds: secondsLeft, of: Int(clamping: codes.validUntil - codes.validFrom), words: words)
                }
            }
            .frame(minHeight: Look.touch)
        }
        .buttonStyle(.plain)
    }

    private var names: some View {
        HStack {
            if account.favourite { Image(systemName: "star.fill").foregroundStyle(Look.accent) }
            VStack(alignment: .leading) {
                Text(account.issuer.isEmpty ? account.name : account.issuer).font(.headline)
                if !account.issuer.isEmpty { Text(account.name).font(.subheadline).foregroundStyle(.secondary) }
            }
        }
    }

    @ViewBuilder private var codeLine: some View {
        if isHidden {
            Text(words("accounts.code.hidden")).foregroundStyle(.secondary)
        } else if let code {
            Text(code.halved).font(.title).monospacedDigit().privacySensitive()
            if let codes, secondsLeft <= Look.nearEnd {
                Label(codes.next.halved, systemImage: "arrow.forward").font(.footnote).monospacedDigit()
            }
        }
    }

    /// Not in the row's own button: a tap is either the one or the other.
    @ViewBuilder private var nextCode: some View {
        if account.codes, state.byUse.contains(account.id), !isHidden {
            ActionButton(words("accounts.next_code", ["account": account.name])) {
                await model.handle(.nextCode(account.id))
            }
            .buttonStyle(.borderless)
        }
    }

    @ViewBuilder private var common: some View {
        SystemButton(words(account.favourite ? "accounts.do.unfavourite" : "accounts.do.favourite")) {
            await model.handle(.favourite(account.id, !account.favourite))
        }
        SystemButton(words("accounts.do.select")) { await model.handle(.select(account.id)) }
    }

    /// What VoiceOver offers: the row is one for it, so nothing in it can be tapped, and nothing is dragged.
    @ViewBuilder private var spokenActions: some View {
        nextCode
        common
        if state.canShift(account.id, by: -1) {
            SystemButton(words("accounts.do.up")) { await model.handle(.shift(account.id, by: -1)) }
        }
        if state.canShift(account.id, by: 1) {
            SystemButton(words("accounts.do.down")) { await model.handle(.shift(account.id, by: 1)) }
        }
    }

    @ViewBuilder private var actions: some View {
        common
        NavigationLink(words("accounts.do.open")) {
            AccountView(
                model: AccountModel(app.phone, id: account.id, why: words("account.title")), accounts: model,
                words: words)
        }
    }

    private var spoken: String {
        var parts = account.favourite ? [words("accounts.is_favourite")] : []
        if isHidden, account.codes { parts.append(words("accounts.code.hidden")) }
        if !isHidden, let code {
            parts.append(words("accounts.code.spoken", ["code": code.spelled]))
            if codes != nil { parts.append(words.counted("seconds.left", secondsLeft)) }
        }
        if account.approvals { parts.append(words("accounts.approves")) }
        return parts.joined(separator: ", ")
    }

    private func act(_ event: AccountsModel.Event) {
        Task { await model.handle(event) }
    }
}
