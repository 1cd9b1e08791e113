import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests of the commands that error messages advise, and of the next event that key listings show for each key.
@Suite struct KeyringAdviceTests {
    static func detail(_ body: () throws(KeyringError) -> [KeyChange]) -> String {
        do {
            _ = try body()
            return ""
        } catch {
            #expect(error.code == .refused)
            return error.detail
        }
    }

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    @Test func `the refusal of a second next key tells when the first one signs and how to activate it sooner`() throws
    {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        defer { withExtendedLifetime(directory) {} }
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.keyID)
        let waiting = Self.detail { () throws(KeyringError) in try keyring.generate(at: Self.at(1, 60)) }
        for part in [
            next, Self.at(30).rfc3339Seconds, "'signet keys rotate' lets it sign from \(Self.at(2).rfc3339Seconds)",
            "--now",
            "'signet keys revoke'",
        ] { #expect(waiting.contains(part), "\(waiting)") }

        _ = try keyring.rotate(immediately: false, at: Self.at(1, 60))
        let scheduled = Self.detail { () throws(KeyringError) in try keyring.generate(at: Self.at(1, 60)) }
        #expect(
            scheduled.contains("signs from \(Self.at(2).rfc3339Seconds) on; 'signet keys rotate --now' lets it sign"))
        // The error message must not advise `signet keys rotate` without `--now`, because the next key is already
        // scheduled for the earliest possible time.
        #expect(!scheduled.contains("'signet keys rotate' "))
        let again = Self.detail { () throws(KeyringError) in
            try keyring.rotate(immediately: false, at: Self.at(1, 120))
        }
        #expect(again.contains(Self.at(2).rfc3339Seconds) && again.contains("'signet keys rotate --now'"), "\(again)")
        #expect(!again.contains("generate"))
        #expect(Self.at(2).rfc3339Seconds.hasSuffix("Z") && Self.at(2).rfc3339Seconds.count == 20)
    }

    @Test func `refresh token HMAC keys are listed with their next event and its time`() throws {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        defer { withExtendedLifetime(directory) {} }
        let only = keyring.overview.refreshSecrets(at: Self.at(1))
        #expect(only.map(\.id) == [1])
        #expect(only.map(\.state) == [.active])
        #expect(only.map(\.nextEvent) == [.none])
        #expect(only.first?.nextAt == nil && only.first?.removedAt == nil)

        _ = try keyring.rotateRefreshSecret(at: Self.at(1))
        let both = keyring.overview.refreshSecrets(at: Self.at(1, 60))
        #expect(both.map(\.state) == [.active, .next])
        #expect(both.map(\.nextEvent) == [.replaced, .used])
        // The expected 7202 seconds are twice the clock tolerance of an hour, plus the two seconds that a node may take
        // to notice the HMAC key.
        #expect(both.map(\.nextAt) == [Self.at(1, 7202), Self.at(1, 7202)])
        #expect(both.last?.createdAt == Self.at(1))

        let after = keyring.overview.refreshSecrets(at: Self.at(1, 7202))
        #expect(after.map(\.state) == [.retired, .active])
        #expect(after.map(\.nextEvent) == [.removed, .none])
        let removal = try #require(after.first?.removedAt)
        #expect(after.first?.nextAt == removal && removal > Self.at(91))
        #expect(keyring.overview.refreshSecrets(at: removal).map(\.state) == [.gone, .active])
    }

    @Test func `the active key is listed as retiring as soon as there is a next key`() throws {
        let directory = TemporaryDirectory()
        let start = KeyringLifeTests.start
        let keyring = try Keyring.open(directory: directory.path, now: start)
        #expect(keyring.listing(at: start).map(\.nextEvent) == [.successor])
        _ = try keyring.generate(at: start)
        let listed = keyring.listing(at: start)
        #expect(listed.map(\.nextEvent) == [.retires, .signs])
        // The next key is not scheduled yet, so `nextAt` is a forecast. `advance` schedules the key, which must not
        // change `nextAt`.
        let time = try #require(listed.last?.nextAt)
        _ = try keyring.advance(at: time - .seconds(60))
        #expect(keyring.listing(at: time - .seconds(60)).map(\.nextAt) == listed.map(\.nextAt))
    }
}
