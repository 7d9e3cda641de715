import Countersign
import CountersignKit
import Foundation
import TestSupport
import Testing

/// When it is time to look, of whom nothing is to be heard for a while, and how clocks stand.
@Suite struct LookTests {
    @Test func looksAreDueAtOnceThenAfterAPauseAndOftenerWhileASignInIsExpected() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        func next() throws -> Looks { try phone.core.nextLooks(now: now()) }
        #expect(try next().due == [account])
        #expect(try await phone.requests(account).count == 1)
        #expect(try next().due == [])
        #expect(try (10_000...18_000).contains(next().waitMs))
        #expect(phone.core.expectingMs(now: now()) == nil)
        try phone.core.expectSignIn(now: now())
        #expect(try (110_000...120_000).contains(#require(phone.core.expectingMs(now: now()))))
        #expect(try next().waitMs <= 2_400)
        try phone.core.stopExpecting(now: now())
        #expect(phone.core.expectingMs(now: now()) == nil)
        phone.core.lookNow()
        #expect(try next().due == [account])
    }

    @Test func anAccountThatIsSilencedIsQuietInTheBackgroundUntilThatEnds() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        _ = try await phone.requests(account)
        #expect(try phone.core.floods(now: now()) == [])
        let background = try Background.open(path: phone.vault.path, watchKey: phone.core.watchKey(now: now()))
        #expect(try !background.isQuiet(account: account, now: now()))
        try phone.core.beQuiet(account: account, now: now())
        #expect(try background.isQuiet(account: account, now: now()))
        let flood = try #require(phone.core.floods(now: now()).first)
        #expect(try flood.account == account && (3_500...3_600).contains(#require(flood.quietUntil) - now().wall))
        try phone.core.endQuiet(account: account, now: now())
        #expect(try !background.isQuiet(account: account, now: now()))
    }

    @Test func aServersClockIsMeasuredAndCodesAreMadeByItWhereThatIsWanted() async throws {
        let phone = try await PhoneAtSite()
        let account = try await phone.setUp()
        _ = try await phone.requests(account)
        let clock = try #require(phone.core.clocks(now: now()).first)
        #expect(clock.origin == phone.site.base + "/realms/practice" && clock.account == account)
        #expect((-2...2).contains(clock.offset) && !clock.usedForCodes && clock.codes.isEmpty)
        #expect((-3_600...3_600).contains(now().wall - clock.measuredAt))
        try phone.core.useForCodes(account: account, used: true, now: now())
        #expect(try phone.core.clocks(now: now()).map(\.usedForCodes) == [true])
    }
}
