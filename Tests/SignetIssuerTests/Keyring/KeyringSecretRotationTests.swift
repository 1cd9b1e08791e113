import Foundation
import Logging
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

/// The secret behind refresh tokens is replaced while several nodes, whose clocks differ, serve the same sessions.
@Suite struct KeyringSecretRotationTests {
    /// A node of its own on the store and the keys of the others.
    private struct Node {
        /// How far its clock is ahead.
        let skew: Duration
        /// How long it takes to notice a change.
        let delay: Duration
        let clock = TestClock()
        let keyring: Keyring
        let issuer: Issuer

        init(_ directory: TemporaryDirectory, beside test: IssuerFixture, skew: Duration, delay: Duration) throws {
            self.skew = skew
            self.delay = delay
            let clock = clock
            clock.set(to: TestClock.start + skew)
            keyring = try Keyring.openExisting(directory: directory.path, now: clock.now)
            issuer = try Issuer(
                configuration: .make(), store: test.store, keyring: keyring, passwords: test.passwords,
                now: { clock.now }, logger: Logger(label: "node") { _ in SwiftLogNoOpLogHandler() })
        }

        /// Lets the world's clock be so long after the change.
        func live(_ elapsed: Duration) throws {
            clock.set(to: TestClock.start + skew + elapsed)
            if elapsed >= delay { try keyring.followChanges(at: clock.now) }
        }
    }

    @Test(arguments: [(86_400, 3600), (86_400, 180), (600, 75)] as [(Int64, Int64)])
    func `no node makes a token with a secret that another one may not have`(lead: Int64, skew: Int64) async throws {
        let (test, maker, directory) = try KeyChangeEffectTests.make()
        defer { withExtendedLifetime(directory) {} }
        _ = try maker.adopt(
            try KeyPolicy(
                rotation: .seconds(30 * 86_400), lead: .seconds(lead), maxAge: .seconds(300),
                accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(90 * 86_400)), at: TestClock.start)
        let nodes = try [
            Node(directory, beside: test, skew: .seconds(skew), delay: .zero),
            Node(directory, beside: test, skew: .zero, delay: KeyPolicy.notice),
            Node(directory, beside: test, skew: .seconds(-skew), delay: KeyPolicy.notice),
        ]
        var tokens = try await test.session()
        // Whoever has the slowest clock makes the secret.
        guard
            case .secretGenerated(2, let activatesAt)? = try nodes[2].keyring.rotateRefreshSecret(
                at: nodes[2].clock.now
            ).first
        else {
            Issue.record("no secret was made")
            return
        }
        var used: [Set<UInt8>] = [[], [], []]
        // The first seconds, and those around the moment at which each node begins to use the secret.
        let moments = nodes.map { activatesAt.since(TestClock.start + $0.skew) }
        let steps = [.zero, .seconds(1), .seconds(2), .seconds(3)] + moments.flatMap { [$0 - .seconds(1), $0] }
        for elapsed in steps.filter({ $0 >= .zero }).sorted() {
            for (number, node) in nodes.enumerated() {
                try node.live(elapsed)
                // Each of them is given what the one before it made.
                tokens = try await node.issuer.refresh(tokens.refreshToken, from: IssuerFixture.source)
                used[number].insert(try #require(RefreshToken(tokens.refreshToken)).secretID)
            }
        }
        #expect(used == [[1, 2], [1, 2], [1, 2]])
    }

    @Test func `who lost the signing key keeps every session, also those of secrets that were replaced`() async throws {
        let (test, keyring, directory) = try KeyChangeEffectTests.make()
        defer { withExtendedLifetime(directory) {} }
        let idle = try await test.session(email: "idle@example.com")
        let old = try #require(keyring.signingKeyID(at: test.clock.now))
        for _ in 1...2 {
            guard case .secretGenerated(_, let time)? = try keyring.rotateRefreshSecret(at: test.clock.now).first else {
                Issue.record("no secret was made")
                return
            }
            test.clock.set(to: time)
        }
        let busy = try await test.session(email: "busy@example.com")
        #expect(RefreshToken(busy.refreshToken)?.secretID == 3)
        // As keys/README.md says.
        for name in directory.files().keys where name == "keyring.json" || name.hasSuffix(".pem") {
            try FileManager.default.removeItem(atPath: directory.path(name))
        }
        let again = try Keyring.open(directory: directory.path, now: test.clock.now)
        #expect(again.signingKeyID(at: test.clock.now) != old)
        let secrets = again.overview.refreshSecrets(at: test.clock.now)
        #expect(secrets.map(\.id) == [1, 2, 3])
        #expect(secrets.map(\.state) == [.retired, .retired, .active])
        let issuer = try Issuer(
            configuration: .make(), store: test.store, keyring: again, passwords: test.passwords,
            now: { test.clock.now }, logger: Logger(label: "again") { _ in SwiftLogNoOpLogHandler() })
        for tokens in [idle, busy] {
            let renewed = try await issuer.refresh(tokens.refreshToken, from: IssuerFixture.source)
            #expect(RefreshToken(renewed.refreshToken)?.secretID == 3)
        }
        // They go when no session can need them, and not before.
        let end = try #require(secrets.first?.removedAt)
        #expect(end.since(test.clock.now) >= KeyPolicy.standard.sessionLifetime)
        #expect(try again.advance(at: end - .seconds(1)).allSatisfy { $0 != .secretRemoved(id: 1) })
        #expect(try again.advance(at: end).contains(.secretRemoved(id: 1)))
    }
}
