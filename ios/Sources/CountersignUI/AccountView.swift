import Countersign
import CountersignKit
import SwiftUI

/// One account: what it is and can do, and what can be done with it.
struct AccountView: View {
    /// The same for as long as the page is open, however often what leads to it is drawn.
    @State var model: AccountModel
    let accounts: AccountsModel
    let words: Words
    @Environment(\.dismiss) private var dismiss
    @State private var fields = AccountFields()
    @State private var asksToRemove = false

    var body: some View {
        Form {
            names
            if let codes = model.state.details?.codes {
                Section(words("account.codes")) {
                    Text(words.describe(codes))
                    setupCode
                }
            }
            if let approvals = model.state.details?.approvals { Approvals(model: model, approvals, words) }
            TroubleView(trouble: model.state.trouble, words: words)
            Section(words("account.remove")) {
                Text(words("account.remove.detail"))
                ActionButton(words("account.remove"), role: .destructive) { asksToRemove = true }
            }
        }
        .navigationTitle(words("account.title"))
        .task { await load() }
        .alert(words("account.remove.title"), isPresented: $asksToRemove) {
            SystemButton(words("account.remove.do"), role: .destructive) { await remove() }
            Button(words("common.cancel"), role: .cancel) {}
        } message: {
            Text(words.removal)
        }
    }

    private var names: some View {
        Section(model.state.summary.map(words.name) ?? words("account.title")) {
            TextField(words("account.issuer"), text: $fields.issuer)
            TextField(words("account.name"), text: $fields.name)
            TextField(words("account.tags"), text: $fields.tags)
            Text(words("account.tags.hint")).font(.footnote).foregroundStyle(.secondary)
            TextField(words("account.note"), text: $fields.note)
            // Of what is scanned no notification tells.
            if model.state.details?.approvals?.can.look == true {
                TextField(words("account.label"), text: $fields.label)
                Text(words("account.label.hint")).font(.footnote).foregroundStyle(.secondary)
            }
            ActionButton(words("common.save")) { await save() }
        }
    }

    @ViewBuilder private var setupCode: some View {
        if let picture = model.state.setupPicture {
            Text(words("account.setup_code.warning")).bold()
            CodeOnScreen(picture: picture, label: words("account.setup_code.picture"), words: words)
            ActionButton(words("common.close")) { await model.handle(.hideSetupCode) }
        } else {
            ActionButton(words("account.setup_code")) { await model.handle(.showSetupCode) }
            Text(words("account.setup_code.detail")).font(.footnote).foregroundStyle(.secondary)
        }
    }

    private func load() async {
        await model.handle(.load)
        fields = model.state.fields
    }

    private func save() async {
        await model.handle(.save(fields))
        await accounts.handle(.load)
    }

    private func remove() async {
        await model.handle(.remove)
        await accounts.handle(.load)
        if model.state.isRemoved { dismiss() }
    }
}

/// How the account approves sign-ins, and whether that works.
private struct Approvals: View {
    let model: AccountModel
    let approvals: ApprovalDetails
    let words: Words

    init(model: AccountModel, _ approvals: ApprovalDetails, _ words: Words) {
        (self.model, self.approvals, self.words) = (model, approvals, words)
    }

    var body: some View {
        Section(words("account.approvals")) {
            Text(approvals.system)
            Text(approvals.origin.text).monospaced()
            LabeledContent(words("account.key"), value: words(keyPlace))
            if !approvals.can.look {
                Text(words("account.scanned"))
                Text(words("account.scanned.detail")).font(.footnote).foregroundStyle(.secondary)
            }
            ActionButton(words("account.test")) { await model.handle(.test) }
            Text(words("account.test.detail")).font(.footnote).foregroundStyle(.secondary)
            if approvals.can.look { Text(words("background.no_push")).font(.footnote).foregroundStyle(.secondary) }
            ForEach(model.state.checks ?? [], id: \.kind) { CheckView(check: $0, words: words) }
            if let history = model.history {
                NavigationLink(words("history.title")) { HistoryView(model: history, words: words) }
            }
            if approvals.can.rotateKey {
                ActionButton(words("account.renew_key")) { await model.handle(.renewKey) }
            }
            if model.state.notice == .keyRenewed { Text(words("account.key_renewed")) }
            if model.state.isWorking { ProgressView(words("common.working")) }
            if approvals.can.lockOut { LockOutView(model: model.lockOut, words: words) }
        }
    }

    private var keyPlace: String {
        guard approvals.key != nil else { return "account.key.shared" }
        return switch model.state.keyInHardware {
        case true?: "account.key.secure_element"
        case false?: "account.key.software"
        case nil: "account.key.unknown"
        }
    }
}

/// What one check has found. What works may have something to know, too.
struct CheckView: View {
    let check: Check
    let words: Words

    var body: some View {
        LabeledContent(words("check." + Words.key(check.kind)), value: found)
        if let reason = check.reason {
            if check.works == false {
                TroubleView(trouble: .reason(reason), words: words)
            } else {
                Text(words.what(reason)).font(.footnote)
                Text(words.next(reason)).font(.footnote).foregroundStyle(.secondary)
            }
        }
    }

    private var found: String {
        switch (check.works, check.kind, check.figure) {
        case (_, .clock, let offset?): words.stands(-offset)
        case (_, .requests, 0?): words("look.nothing")
        case (_, .requests, let count?): words.counted("accounts.waiting", Int(count))
        case (true?, _, _): words("check.passed")
        case (false?, _, _): words("check.failed")
        case (nil, _, _): words("check.unknown")
        }
    }
}

extension Words {
    /// What becomes of an account that is removed: a server asks for its codes as it asks for its approvals.
    var removal: String { self("account.remove.trash") + "\n\n" + self("account.remove.server") }

    fileprivate func describe(_ codes: CodeDetails) -> String {
        switch codes.kind {
        case .totp(let period):
            self("codes.by_time", ["digits": String(codes.digits), "period": String(period)])
        case .hotp: self("codes.by_use", ["digits": String(codes.digits)])
        case .steam: self("codes.steam")
        case .motp: self("codes.by_time", ["digits": String(codes.digits), "period": "10"])
        case .yandex: self("codes.by_time", ["digits": String(codes.digits), "period": "30"])
        }
    }
}
