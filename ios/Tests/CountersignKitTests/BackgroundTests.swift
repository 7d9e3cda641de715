import Countersign
import CountersignKit
import TestSupport
import Testing

/// Looks while nobody is there, at many accounts, and of a vault that another process holds.
@MainActor @Suite struct BackgroundTests {
    let phone: PhoneAtSite
    let device: FakeDevice
    let words = Words(.english)

    init() async throws {
        phone = try await PhoneAtSite()
        device = FakeDevice(keys: phone.keys)
    }

    func watch() async throws -> Background {
        let app = OpenApp(Phone(phone.core, device.platform(phone.vault.path)))
        await SettingsModel(app.phone, why: "").handle(.background(true))
        return try Background.open(path: phone.vault.path, watchKey: phone.core.watchKey(now: now()))
    }

    @Test func allOfManyAccountsAreLookedAtButSixteenAtATime() async throws {
        let count = 20
        for number in 0..<count {
            let browser = try await Browser(phone.site)
            try await browser.post("/create", ["name": "user\(number)", "password": "practice"])
            let ended = try await phone.runner().run(phone.enrol(scan(browser.setUp())), asking: Answers())
            guard ended.added != nil else { throw Unexpected(ended.outcome) }
        }
        let watch = try await watch()
        #expect(try watch.due(now: device.time.now()).count == count)

        let server = HeldServer()
        var platform = device.platform(phone.vault.path)
        platform.sender = server
        let looking = Task { [platform, words] in try await BackgroundCheck(platform).run(words) }
        #expect(await eventually { server.asked.value == 16 })
        // No more comes while none has its answer.
        try await Task.sleep(for: .milliseconds(500))
        #expect(server.asked.value == 16)
        server.answers.value = true
        #expect(try await looking.value == 0)
        #expect(server.most.value == 16)
        // Each account has been asked for in vain, so that none is due again at once.
        #expect(try watch.due(now: device.time.now()) == [])
    }

    @Test func whatIsFoundWhileAnotherProcessWritesIsToldAndRecorded() async throws {
        let account = try await phone.setUp()
        let watch = try await watch()
        let writing = Box<Task<Void, any Error>?>(nil)
        device.network.replied.value = { [vault = phone.vault] in
            guard writing.value == nil else { return }
            let other = vault.held()
            writing.value = Task {
                // Longer than the core waits twice, which is 5 s each time.
                try await Task.sleep(for: .seconds(12))
                other.stop()
            }
        }
        #expect(try await BackgroundCheck(device.platform(phone.vault.path)).run(words) == 1)
        try await writing.value?.value
        #expect(device.notifications.shown.value.count == 1)
        #expect(try watch.lastSeen(account: account).count == 1)
    }
}

/// A server that keeps everybody waiting until it is told to answer, which it then refuses to do.
private final class HeldServer: HttpSender {
    let answers = Box(false)
    let asked = Box(0)
    let most = Box(0)
    private let underWay = Box(0)

    func send(_ request: HttpRequest) async -> Countersign.Event {
        asked.change { $0 += 1 }
        let together = underWay.change { waiting in
            waiting += 1
            return waiting
        }
        most.change { $0 = max($0, together) }
        while !answers.value { try? await Task.sleep(for: .milliseconds(1)) }
        underWay.change { $0 -= 1 }
        return .noReply(failure: .timedOut)
    }
}
