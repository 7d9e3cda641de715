import Countersign
import CountersignKit
import SwiftUI

/// A sign-in request: the number is typed here, and comes from nowhere else.
struct RequestView: View {
    let model: RequestModel
    let app: OpenApp
    let words: Words
    @State private var typed = ""

    var body: some View {
        NavigationStack {
            page
                .toolbar {
                    ToolbarItem(placement: .cancellationAction) {
                        Button(words("common.close")) { app.leaveRequests() }
                    }
                }
        }
        .task {
            await model.handle(.appeared)
            while !Task.isCancelled {
                await model.handle(.tick)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    @ViewBuilder private var page: some View {
        if let seen = model.state.current {
            switch model.state.stage {
            case .asking: asking(seen)
            case .working: ProgressView(words("common.working"))
            case .ended(let answered):
                RequestEnd(model: model, answered: answered, words: words) { app.leaveRequests() }
            case .failed(let trouble): stopped("request.not_sent", trouble)
            case .unknown(let trouble):
                stopped("request.unknown", trouble)
            }
        } else {
            Page(words("requests.title")) { Text(words("requests.none")) }
        }
    }

    private func asking(_ seen: SeenRequest) -> some View {
        Page(words("request.title")) {
            if model.state.isSamePhone { Text(words("requests.same_phone")) }
            RequestFacts(model: model, seen: seen, words: words)
            if model.state.waiting.count > 1 { others }
            AnswerField(request: seen.request, typed: $typed, words: words)
            if model.state.missed { Missed(request: seen.request, triesLeft: model.state.triesLeft, words: words) }
            if seen.request.isSupported {
                MainButton(words("request.yes")) {
                    let answer = typed
                    typed = ""
                    await model.handle(.yes(answer))
                }
                .disabled(seen.request.isTyped && typed.isEmpty)
            }
            ActionButton(words("request.not_me"), role: .destructive) { await model.handle(.notMe) }
        }
    }

    private var others: some View {
        VStack(alignment: .leading) {
            Text(words("requests.several")).bold()
            ForEach(model.state.waiting.dropFirst(), id: \.request.id) { seen in
                ActionButton(seen.request.application) { await model.handle(.show(seen.request.id)) }
            }
        }
    }

    private func stopped(_ title: String, _ trouble: Trouble) -> some View {
        Page(words(title)) {
            if case .unknown = model.state.stage { Text(words("request.unknown.body")) }
            TroubleView(trouble: trouble, words: words)
            MainButton(words("common.try_again")) { await model.handle(.next) }
        }
    }
}

/// Who asks, for which account, where and when, and the time that is left.
struct RequestFacts: View {
    let model: RequestModel
    let seen: SeenRequest
    let words: Words

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            HStack {
                Text(seen.request.application).font(.title2).bold()
                Spacer()
                Countdown(seconds: model.secondsLeft(seen), of: length, words: words)
            }
            if !seen.request.question.isEmpty { Text(seen.request.question) }
            LabeledContent(words("request.who"), value: account)
            LabeledContent(words("request.where"), value: seen.request.place ?? words("request.where.unknown"))
            if let asked = seen.request.askedAt {
                LabeledContent(words("request.when"), value: words.timeOfDay(asked))
            }
        }
    }

    private var account: String {
        model.state.accounts[seen.account].map { words.name($0) } ?? seen.request.account
    }

    private var length: Int {
        Int(clamping: seen.request.expiresAt - (seen.request.askedAt ?? seen.request.expiresAt - 60))
    }
}

/// The field for what the other screen shows, with the keyboard that fits it.
struct AnswerField: View {
    let request: Request
    @Binding var typed: String
    let words: Words

    var body: some View {
        switch request.answer {
        case .number:
            Text(words("request.enter_number")).font(.headline)
            field("request.number_hint", isNumber: true)
        case .text:
            Text(words("request.enter_letters")).font(.headline)
            field("request.letters_hint", isNumber: false)
        case .pin(let length):
            Text(words("request.enter_pin")).font(.headline)
            TextField(words("request.pin_hint", ["length": String(length)]), text: $typed).literal()
        case .choice(let choices):
            Text(words("request.choose_word")).font(.headline)
            Picker(words("request.choose_word"), selection: $typed) {
                ForEach(choices, id: \.self) { Text($0).tag($0) }
            }
        case .confirmation: Text(words("request.confirm")).font(.headline)
        case .unsupported(let reason):
            Text(words("request.unsupported")).font(.headline)
            TroubleView(trouble: .reason(reason), words: words)
        }
    }

    private func field(_ hint: String, isNumber: Bool) -> some View {
        TextField(words(hint), text: $typed).font(.largeTitle).numeric(isNumber).literal()
    }
}

/// The last answer was not right.
struct Missed: View {
    let request: Request
    let triesLeft: UInt32?
    let words: Words

    var body: some View {
        // A PIN need not be on any page.
        if case .pin = request.answer {
            what("request.missed_pin", next: "request.missed_pin.next")
        } else {
            what("request.missed", next: "request.missed.next")
        }
    }

    @ViewBuilder private func what(_ key: String, next: String) -> some View {
        Text(words(key)).foregroundStyle(Look.danger)
        Text(words(triesLeft == 1 ? "request.missed.last" : next))
    }
}

/// What became of the request, and what to do now.
struct RequestEnd: View {
    let model: RequestModel
    let answered: Answered
    let words: Words
    let close: @MainActor () -> Void

    var body: some View {
        Page(words(key)) {
            if answered.reason != .noDecline { Text(words(saidKey)) }
            if let code = answered.displayCode {
                Text(words("request.type_there"))
                Text(code.halved).font(.largeTitle).monospacedDigit().accessibilityLabel(code.spelled)
            }
            if answered.result == .unknown || answered.result == .declined, let reason = answered.reason {
                TroubleView(trouble: .reason(reason), words: words)
            }
            if model.state.isNotMe { advice }
            if model.state.waiting.count > 1 {
                MainButton(words.counted("request.next", model.state.waiting.count - 1)) { await model.handle(.next) }
            } else {
                MainButton(words("common.done")) { close() }
            }
        }
    }

    private var advice: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(words("advice.title")).font(.headline)
            Text(words("advice.password"))
            Text(words("advice.help_desk"))
            Text(words("advice.again"))
            if let lockOut = model.lockOut { LockOutView(model: lockOut, words: words) }
        }
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
