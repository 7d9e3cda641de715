import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// Sign-ins that are looked for while the app is in the background.
extension SignInTests {
    @Test func aLookInTheBackgroundTellsAndNamesWhatMayBeNamed() async throws {
        let browser = try await Browser(site)
        try await setUp(browser)
        let settings = SettingsModel(app.phone, why: "")
        await settings.handle(.background(true))
        #expect(settings.state.trouble == nil && device.refresh.isScheduled.value)
        await app.accounts.handle(.load)
        try vault.core.setLabel(id: app.accounts.state.accounts[0].id, label: "Work", now: now())
        let platform = device.platform(vault.path)
        #expect(try await BackgroundCheck(platform).run(words) == 1)
        #expect(device.notifications.shown.value == [words("request.title") + "|"])
        await settings.handle(.names(true))
        #expect(try await BackgroundCheck(platform).run(words) == 1)
        #expect(device.notifications.shown.value.last == words("request.title") + "|Work")
        await settings.handle(.background(false))
        #expect(device.secrets.stored.value[.watchKey] == nil)
        #expect(try await BackgroundCheck(platform).run(words) == 0)
    }

    /// Accounts at these sites, which are looked at in the background.
    private func lookInBackground(at sites: [PracticeSite]) async throws {
        for site in sites {
            device.network.sent.value = 0
            try await setUp(Browser(site))
        }
        await SettingsModel(app.phone, why: "").handle(.background(true))
    }

    @Test func anAccountThatFailsInTheBackgroundKeepsNoOtherFromItsLook() async throws {
        let second = PracticeSite()
        defer { second.stop() }
        try await lookInBackground(at: [site, second])
        second.stop()
        #expect(try await BackgroundCheck(device.platform(vault.path)).run(words) == 1)
        #expect(device.notifications.shown.value.count == 1)
    }

    @Test func aSilentServerKeepsNoOtherSignInWaitingInTheBackground() async throws {
        let second = PracticeSite()
        defer { second.stop() }
        try await lookInBackground(at: [site, second])
        let (isFirst, wasTold) = (Box(true), Box(false))
        let shown = device.notifications.shown
        device.network.replied.value = {
            guard isFirst.value else { return }
            isFirst.value = false
            // The other one's is told meanwhile.
            wasTold.value = await eventually { !shown.value.isEmpty }
        }
        #expect(try await BackgroundCheck(device.platform(vault.path)).run(words) == 2)
        #expect(wasTold.value)
    }
}
