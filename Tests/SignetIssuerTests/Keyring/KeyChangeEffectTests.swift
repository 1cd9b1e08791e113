import JOSE
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

/// The effects of keyring changes on tokens, the audit log and status lists.
@Suite struct KeyChangeEffectTests {
    /// Makes an issuer with a new keyring, whose keys were created at the start time of the test clock.
    static func make() throws -> (test: IssuerFixture, keyring: Keyring, directory: TemporaryDirectory) {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: WallClock.start)
        return (try IssuerFixture.make(keyring: keyring), keyring, directory)
    }

    @Test func `tokens of a retired key stay valid, and those of a revoked key are inactive at once`() async throws {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        let client = try await test.client()
        let tokens = try await test.session()
        test.clock.advance(by: .seconds(1))
        _ = try keyring.rotate(immediately: true, at: test.clock.now)
        let after = try await test.refresh(tokens)
        for token in [tokens.accessToken, after.accessToken] {
            #expect(try await test.issuer.introspect(token, by: client) != .inactive)
            #expect(try await test.issuer.profile(accessToken: token).name == "Ada")
        }
        let revoked = try #require(keyring.signingKeyID(at: test.clock.now))
        _ = try keyring.revoke(revoked, at: test.clock.now)
        #expect(try await test.issuer.introspect(after.accessToken, by: client) == .inactive)
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: after.accessToken) }
        // The first signing key is retired and not revoked. So its access tokens stay valid, and so does the session.
        #expect(try await test.issuer.introspect(tokens.accessToken, by: client) != .inactive)
        let renewed = try await test.refresh(after)
        #expect(try await test.issuer.introspect(renewed.accessToken, by: client) != .inactive)
    }

    @Test func `no session ends when the refresh token HMAC key rotates`() async throws {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        let idle = try await test.session(email: "idle@example.com")
        var busy = try await test.session(email: "busy@example.com")
        let changes = try keyring.rotateRefreshSecret(at: test.clock.now)
        guard case .secretGenerated(2, let activatesAt)? = changes.first else {
            Issue.record("\(changes)")
            return
        }
        // Until `activatesAt`, the issuer makes refresh tokens with the old HMAC key (id 1), because other nodes may
        // not have loaded the new key (id 2) yet.
        busy = try await test.refresh(busy)
        #expect(RefreshToken(busy.refreshToken)?.secretID == 1)
        test.clock.advance(by: activatesAt.since(test.clock.now))
        let parent = busy
        busy = try await test.refresh(busy)
        #expect(RefreshToken(busy.refreshToken)?.secretID == 2)
        // The issuer made the refresh token `parent` with the old HMAC key, and its successor with the new key. If the
        // client sends `parent` again, the issuer must return the same successor.
        #expect(try await test.refresh(parent).refreshToken == busy.refreshToken)
        #expect(RefreshToken(try await test.refresh(idle).refreshToken)?.secretID == 2)
        // A restarted process loads the new HMAC key (id 2) and also the old one (id 1).
        let again = try Keyring.openExisting(directory: directory.path, now: test.clock.now)
        #expect(again.refreshSecrets(at: test.clock.now).currentID == 2)
        #expect(again.refreshSecrets(at: test.clock.now)[1] != nil)
        // A session lasts at most 90 days. So no session needs the old HMAC key after 91 days, and the keyring removes
        // the key.
        test.clock.advance(by: .seconds(91 * 86_400))
        #expect(try keyring.advance(at: test.clock.now).contains(.secretRemoved(id: 1)))
        #expect(directory.files()["refresh-1.secret"] == nil)
    }

    @Test func `changes of the keyring are recorded with their actor`() async throws {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        let before = try await test.issuer.audit.head()
        let changes = try keyring.rotate(immediately: false, at: test.clock.now)
        try await test.issuer.audit.record(changes, by: .operator, in: test.store)
        #expect(try await test.issuer.audit.head() != before)
        let kid = try #require(changes.first?.keyID)
        let events = changes.compactMap { $0.auditEvent(by: .operator) }
        #expect(events.map(\.type) == [.keyGenerated, .keyActivated])
        #expect(events.allSatisfy { $0.object == kid && $0.actor == .operator })
        #expect(KeyChange.removed(keyID: kid).auditEvent(by: .issuer) == nil)
    }

    @Test func `the activation of a key is recorded once with its time, however many services notice it later`()
        async throws
    {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        let trail = test.issuer.audit
        let made = test.clock.now
        let all = Timestamp(milliseconds: .min)...Timestamp(milliseconds: .max)
        func activations() async throws -> [RecordedEvent] {
            try await test.administration.auditRecords(.init(span: all, types: [.keyActivated]), limit: 100)
        }
        // Add an audit record that is older than the activation of the key. Without an older record, Signet assumes
        // that the record of the activation has been trimmed, and does not record the activation again.
        try await trail.recordKeys(keyring.listing(at: made).map(\.keyID), .keyGenerated)
        test.clock.advance(by: .seconds(60))
        let changes = try keyring.rotate(immediately: false, at: test.clock.now)
        try await trail.record(changes, by: .operator, in: test.store)
        let kid = try #require(changes.first?.keyID)
        #expect(try await activations().map(\.event.reason) == ["scheduled"])
        let time = try #require(keyring.listing(at: test.clock.now).last?.activatesAt)

        func notice() async throws {
            let now = test.clock.now
            let begun = keyring.listing(at: now).compactMap { KeyActivation($0, at: now) }
            try await trail.record(Set(begun), in: test.store)
        }
        try await notice()
        #expect(try await activations().count == 1)
        // Advance to an hour after the activation of the key. Two services notice the activation only now.
        test.clock.advance(by: time.since(test.clock.now) + .seconds(3600))
        try await notice()
        try await notice()
        let records = try await activations()
        #expect(records.map(\.event.reason).sorted() == ["", "scheduled"])
        let begun = try #require(records.first { $0.event.reason.isEmpty })
        #expect(begun.time == time && begun.event.object == kid && begun.event.actor == .issuer)

        // If a key is active from its creation, the audit log has only one record of its activation.
        let immediate = try keyring.rotate(immediately: true, at: test.clock.now)
        try await trail.record(immediate, by: .operator, in: test.store)
        test.clock.advance(by: .seconds(10))
        try await notice()
        let last = try await activations().map(\.event).filter { $0.object == immediate.first?.keyID }
        #expect(last.map(\.reason) == [""])
        #expect(last.first?.actor == .operator)
        _ = try await test.administration.verifyAudit(noted: nil) { _ in }

        // Trim all audit records, including the record of the key's activation. After that, no service may record this
        // activation a second time.
        let far = test.clock.now
        _ = try await test.store.write {
            try $0.trimAudit(before: far, at: Timestamp(milliseconds: .max), downTo: .max, limit: 100)
        }
        try await trail.recordKeys(["later"], .keyGenerated)
        try await notice()
        #expect(try await activations().isEmpty)
    }

    @Test func `an unchanged status list is signed again when another key signs`() async throws {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        _ = try await test.session()
        func signer() async throws -> String? {
            let list = try #require(try await test.issuer.statusList(0))
            let header = try #require(String(decoding: list.body, as: UTF8.self).split(separator: ".").first)
            return try JSONObject(parsing: try #require(Base64URL.decode(header.utf8)))["kid"]?.string
        }
        let old = try #require(keyring.signingKeyID(at: test.clock.now))
        #expect(try await signer() == old)
        test.clock.advance(by: .seconds(15))
        _ = try keyring.revoke(old, at: test.clock.now)
        let new = try #require(keyring.signingKeyID(at: test.clock.now))
        #expect(try await signer() == new)
        #expect(new != old)
    }

    @Test func `the audit log records the revoked key, the retired key and the new signing key`() async throws {
        let (test, keyring, directory) = try Self.make()
        defer { withExtendedLifetime(directory) {} }
        let replaced = try #require(keyring.signingKeyID(at: test.clock.now))
        test.clock.advance(by: .seconds(60))
        let signing = try #require(try keyring.rotate(immediately: true, at: test.clock.now).first?.keyID)
        test.clock.advance(by: .seconds(60))
        let changes = try keyring.revoke(signing, at: test.clock.now)
        try await test.issuer.audit.record(changes, by: .operator, in: test.store)
        let new = try #require(keyring.signingKeyID(at: test.clock.now))
        let records = try await test.administration.auditRecords(.init(), limit: 100).map(\.event)
        func objects(_ type: AuditType) -> [String] {
            records.filter { $0.type == type && $0.actor == .operator && $0.reason.isEmpty }.map(\.object)
        }
        #expect(objects(.keyRevoked) == [signing])
        #expect(objects(.keyRetired) == [replaced])
        #expect(objects(.keyGenerated) == [new])
        #expect(objects(.keyActivated) == [new])
    }
}
