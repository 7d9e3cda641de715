import Countersign
import CountersignKit
import SwiftUI

/// What became of the request, and what to do now.
struct RequestEnd: View {
    let model: RequestModel
    let answered: Answered
    let words: Words
    let close: @MainActor () -> Void

    var body: some View {
        Page(words(key)) {
            if !saysNext { Text(words(saidKey)) }
            if let code = answered.displayCode {
                Text(words("request.type_there"))
                Text(code.halved).font(.largeTitle).monospacedDigit().accessibilityLabel(code.spelled)
            }
            TroubleView(trouble: trouble, words: words)
            if let tries = answered.beforeBlock, tries > 0 {
                Text(words.counted("request.before_block", Int(tries))).foregroundStyle(Look.danger)
            }
            if model.state.isNotMe { Advice(model: model, words: words) }
            if !model.state.others.isEmpty {
                MainButton(words.counted("request.next", model.state.others.count)) { await model.handle(.next) }
            } else {
                MainButton(words("common.done")) { close() }
            }
        }
    }

    /// What there is to say of the end beside its name.
    private var trouble: Trouble? {
        guard let reason = answered.reason else { return nil }
        return switch answered.result {
        case .declined, .unknown: .reason(reason)
        case .wrongAnswer: reason == .wrongNumber ? nil : .reason(reason)
        case .approved, .expired, .answeredElsewhere: nil
        }
    }

    /// The reason has its own next step, which the usual one would contradict.
    private var saysNext: Bool {
        answered.reason == .noDecline || (answered.result == .wrongAnswer && trouble != nil)
    }

    private var saidKey: String {
        guard model.state.isNotMe, answered.result == .declined else { return key + ".body" }
        let isTold = model.state.current?.request.takesDeclineReason == true
        return isTold ? "request.not_me.body" : "request.not_me.untold"
    }

    private var key: String {
        switch answered.result {
        case .approved: "request.approved"
        case .declined: "request.declined"
        case .expired: "request.expired"
        case .answeredElsewhere: "request.elsewhere"
        case .wrongAnswer: "request.wrong"
        case .unknown: "request.unknown"
        }
    }
}

/// What whoever has not asked for a sign-in does now.
struct Advice: View {
    let model: RequestModel
    let words: Words

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(words("advice.title")).font(.headline)
            Text(words("advice.password"))
            Text(words("advice.help_desk"))
            Text(words("advice.again"))
            if let lockOut = model.lockOut { LockOutView(model: lockOut, words: words) }
        }
    }
}
