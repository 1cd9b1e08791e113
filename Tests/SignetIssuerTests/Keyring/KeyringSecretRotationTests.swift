import Foundation
import Logging
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

/// Tests the rotation of the refresh token HMAC key while several nodes, whose clocks differ, serve the same sessions.
@Suite struct KeyringSecretRotationTests {
    /// One of several services that share a store and a key directory.
    private struct Node {
        /// How far the node's clock is ahead of the real time. A negative value means behind.
        let skew: Duration
        /// How long after a change of the keyring the node loads the change.
        let delay: Duration
        let clock = WallClock()
        let keyring: Keyring
        let issuer: Issuer

        init(_ directory: TemporaryDirectory, beside test: IssuerFixture, skew: Duration, delay: Duration) throws {
            self.skew = skew
            self.delay = delay
            let clock = clock
            clock.set(to: WallClock.start + skew)
            keyring = try Keyring.openExisting(directory: directory.path, now: clock.now)
            issuer = try Issuer(
                configuration: .make(), store: test.store, keyring: keyring, passwords: test.passwords,
                now: { clock.now }, logger: Logger(label: "node") { _ in SwiftLogNoOpLogHandler() })
        }

        /// Moves the node to the time `elapsed` after the start of the test. The node's clock shows this time plus
        /// ``skew``. If `elapsed` is at least ``delay``, the node also loads changes of the keyring.
        func live(_ elapsed: Duration) throws {
            clock.set(to: WallClock.start + skew + elapsed)
            if elapsed >= delay { try keyring.followChanges(at: clock.now) }
        }
    }

    @Test(arguments: [(86_400, 3600), (86_400, 180), (600, 75)] as [(Int64, Int64)])
    func `no node makes a token with an HMAC key that another node may not have`(lead: Int64, skew: Int64) async throws
    {
        let (test, maker, directory) = try KeyChangeEffectTests.make()
        defer { withExtendedLifetime(directory) {} }
        _ = try maker.adopt(
            try KeyPolicy(
                rotationInterval: .seconds(30 * 86_400), lead: .seconds(lead), maxAge: .seconds(300),
                accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(90 * 86_400)), at: WallClock.start)
        let nodes = try [
            Node(directory, beside: test, skew: .seconds(skew), delay: .zero),
            Node(directory, beside: test, skew: .zero, delay: KeyPolicy.notice),
            Node(directory, beside: test, skew: .seconds(-skew), delay: KeyPolicy.notice),
        ]
        var tokens = try await test.session()
        // In the hardest case, the node whose clock is most behind creates the new HMAC key. Each node starts to use
        // the key when its own clock shows `activatesAt`, so all other nodes use the key before the node that created
        // it.
        guard
            case .secretGenerated(2, let activatesAt)? = try nodes[2].keyring.rotateRefreshSecret(
                at: nodes[2].clock.now
            ).first
        else {
            Issue.record("no secret was made")
            return
        }
        var used: [Set<UInt8>] = [[], [], []]
        // `moments` has for each node the time, since the start of the test, when the node's clock shows `activatesAt`.
        // All nodes refresh at each of these times and one second before, and in the first three seconds of the test.
        let moments = nodes.map { activatesAt.since(WallClock.start + $0.skew) }
        let steps = [.zero, .seconds(1), .seconds(2), .seconds(3)] + moments.flatMap { [$0 - .seconds(1), $0] }
        for elapsed in steps.filter({ $0 >= .zero }).sorted() {
            for (number, node) in nodes.enumerated() {
                try node.live(elapsed)
                // Each node refreshes with the token that the previous node returned.
                tokens = try await node.issuer.refresh(tokens.refreshToken, from: IssuerFixture.source)
                used[number].insert(try #require(RefreshToken(tokens.refreshToken)).secretID)
            }
        }
        #expect(used == [[1, 2], [1, 2], [1, 2]])
    }

    @Test func `sessions survive the loss of the signing key, also those of replaced HMAC keys`() async throws {
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
        // Follow the recovery in keys/README.md: remove keyring.json and the signing keys, and keep the HMAC keys.
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
        // The keyring removes a replaced HMAC key only when every session that may need the key has ended.
        let end = try #require(secrets.first?.removedAt)
        #expect(end.since(test.clock.now) >= KeyPolicy.standard.sessionLifetime)
        #expect(try again.advance(at: end - .seconds(1)).allSatisfy { $0 != .secretRemoved(id: 1) })
        #expect(try again.advance(at: end).contains(.secretRemoved(id: 1)))
    }
}
