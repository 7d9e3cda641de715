import Countersign
import CountersignKit
import SwiftUI

/// A sign-in request: the number is typed here, and comes from nowhere else.
struct RequestView: View {
    @Bindable var model: RequestModel
    let app: OpenApp
    let words: Words

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
            case .failed(let trouble):
                stopped("request.not_sent", trouble) {
                    MainButton(words("common.try_again")) { await model.handle(.next) }
                }
            case .unknown(let trouble):
                stopped("request.unknown", trouble) {
                    Text(words("request.unknown.body"))
                    // A scanned sign-in is on no list.
                    if model.isScanned { MainButton(words("common.done")) { app.leaveRequests() } } else { lookButton }
                }
            }
        } else {
            Page(words("requests.title")) {
                Text(words("requests.none"))
                lookButton
            }
        }
    }

    private var lookButton: some View {
        MainButton(words("requests.look")) {
            app.leaveRequests()
            await app.accounts.handle(.look)
            await app.showRequests(words)
        }
    }

    private func asking(_ seen: SeenRequest) -> some View {
        Page(words("request.title")) {
            if model.state.isSamePhone { Text(words("requests.same_phone")) }
            RequestFacts(model: model, seen: seen, words: words)
            if !model.state.others.isEmpty { others }
            AnswerField(request: seen.request, typed: $model.typed, words: words)
            if model.state.missed { Missed(request: seen.request, triesLeft: model.state.triesLeft, words: words) }
            if seen.request.isSupported {
                MainButton(words("request.yes")) { await model.handle(.yes(model.typed)) }
                    .disabled(seen.request.isTyped && model.typed.isEmpty)
            }
            ActionButton(words("request.not_me"), role: .destructive) { await model.handle(.notMe) }
        }
    }

    private var others: some View {
        VStack(alignment: .leading) {
            Text(words(model.isScanned ? "requests.which" : "requests.several")).bold()
            ForEach(model.state.others, id: \.key) { seen in
                ActionButton(words.told(seen, by: model)) { await model.handle(.show(seen.key)) }
            }
        }
    }

    private func stopped(_ title: String, _ trouble: Trouble, @ViewBuilder next: () -> some View) -> some View {
        let next = next()
        return Page(words(title)) {
            TroubleView(trouble: trouble, words: words)
            if model.state.isNotMe { Advice(model: model, words: words) }
            next
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
                Text(words.application(seen.request.application)).font(.title2).bold()
                Spacer()
                Countdown(seconds: left, of: length, isAbout: isAbout, words: words)
            }
            if !seen.request.question.isEmpty { Text(seen.request.question) }
            let account = words.account(of: seen, by: model)
            if !account.isBlank { LabeledContent(words("request.who"), value: account) }
            LabeledContent(words("request.where"), value: seen.request.place ?? words("request.where.unknown"))
            if let age = words.age(of: seen.request, model.wall) {
                // When it was seen is no time of the sign-in, and its end is a guess.
                let known = seen.request.askedAt.map { [words.timeOfDay($0), age] }
                LabeledContent(
                    words("request.when"), value: words.listed(known ?? [age, words.left(left, isAbout: isAbout)]))
            }
        }
    }

    private var left: Int { model.secondsLeft(seen) }

    /// The server tells no time: the end is a guess that each look may move.
    private var isAbout: Bool { seen.request.seenAt != nil }

    private var length: Int {
        let request = seen.request
        return Int(clamping: request.expiresAt - (request.askedAt ?? request.seenAt ?? request.expiresAt - 60))
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

extension Words {
    @MainActor fileprivate func account(of seen: SeenRequest, by model: RequestModel) -> String {
        model.state.accounts[seen.account].map(name) ?? seen.request.account
    }

    /// One of several that wait: what, for which account, from where, and since when.
    @MainActor func told(_ seen: SeenRequest, by model: RequestModel) -> String {
        let request = seen.request
        let place = request.place ?? self("request.where.unknown")
        let age = age(of: request, model.wall).map { [$0] } ?? []
        return listed([application(request.application), account(of: seen, by: model), place] + age)
    }

    /// How old a request is. Where the server does not say, how long ago it was seen; of a scanned one nothing is known.
    fileprivate func age(of request: Request, _ now: UnixTime) -> String? {
        request.askedAt.map { ago($0, now) } ?? request.seenAt.map { self("ago.seen", ["ago": ago($0, now)]) }
    }

    /// How long ago something was, by the minute from the first one on.
    private func ago(_ time: UnixTime, _ now: UnixTime) -> String {
        let seconds = max(0, now - time)
        return seconds < 60
            ? self("ago.seconds", ["count": String(seconds)]) : self("ago.minutes", ["count": String(seconds / 60)])
    }
}
