import JOSE
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct SessionEndingTests {
    @Test func `ending one session leaves the others alive`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let other = try await test.login()
        #expect(try await test.issuer.revokeSession("\(other.sessionID)", accessToken: mine.accessToken) == false)
        await expect(.refreshTokenDead) { try await test.refresh(other) }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: other.accessToken) }
        #expect(try test.family(of: other).revocationReason == .logout)
        _ = try await test.refresh(mine)
        #expect(try await test.issuer.revokeSession("\(mine.sessionID)", accessToken: mine.accessToken))
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: mine.accessToken) }
    }

    @Test func `unknown, malformed, foreign and ended session ids get the same error and change nothing`() async throws
    {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let eve = try await test.session(email: "eve@example.com")
        let over = try await test.login()
        try await test.issuer.logout(refreshToken: over.refreshToken)
        let before = try test.dump()
        var errors: [String?] = []
        for id in [
            "", "x", "../x", "\(FamilyID.random())", "\(eve.sessionID)", "\(over.sessionID)",
            "\(mine.sessionID)".uppercased(), String(repeating: "a", count: 10_000),
        ] {
            let error = await expect(.sessionNotFound) {
                try await test.issuer.revokeSession(id, accessToken: mine.accessToken)
            }
            errors.append(error?.description)
        }
        #expect(Set(errors).count == 1)
        #expect(try test.dump() == before)
    }

    @Test func `ending all other sessions writes and records nothing if there are none`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        try await test.issuer.logout(refreshToken: try await test.login().refreshToken)
        let before = try test.dump()
        let head = try await test.issuer.audit.head()
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        #expect(try test.dump() == before)
        #expect(try await test.issuer.audit.head() == head)
    }

    @Test func `with very many ended sessions, ending all others is written once and not repeated`()
        async throws
    {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let user = try test.family(of: mine).userID
        try await test.store.write { writer in
            for _ in 0..<SessionPage.scanLimit {
                let family = FamilyRecord.sample(of: user)
                try writer.insert(family.revoked(at: WallClock.start, because: .logout))
            }
        }
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        let before = try test.dump()
        let head = try await test.issuer.audit.head()
        for _ in 0..<3 {
            try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        }
        #expect(try test.dump() == before)
        #expect(try await test.issuer.audit.head() == head)
        // `revokeSessions` must also end a session that began after the earlier calls.
        let later = try await test.login()
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        await expect(.refreshTokenDead) { try await test.refresh(later) }
        _ = try await test.refresh(mine)
    }

    @Test func `a login after a cutoff by a faster clock gets the full lifetime`() async throws {
        let test = try IssuerFixture.make()
        try await test.register()
        let ahead = Administration(store: test.store) { WallClock.start + .seconds(400 * 86_400) }
        try await ahead.revokeSessions(of: "ada@example.com")
        let tokens = try await test.login()
        #expect(tokens.refreshExpiresIn == 7 * 86_400)
        #expect(try test.claims(of: tokens.accessToken)["auth_time"] == .integer(WallClock.start.seconds))
        let family = try test.family(of: tokens)
        #expect(family.expiresAt == WallClock.start + .seconds(90 * 86_400))
        #expect(family.rotatedAt == WallClock.start)
        _ = try await test.refresh(tokens)
    }

    @Test func `ending all others keeps the current session and ending all keeps none`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let others = [try await test.login(), try await test.login()]
        let eve = try await test.session(email: "eve@example.com")
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        for tokens in others {
            await expect(.refreshTokenDead) { try await test.refresh(tokens) }
            await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        }
        let next = try await test.refresh(mine)
        let later = try await test.login()
        _ = try await test.refresh(later)
        try await test.issuer.revokeSessions(accessToken: next.accessToken, includingCurrent: true)
        for tokens in [next, later] { await expect(.refreshTokenDead) { try await test.refresh(tokens) } }
        _ = try await test.refresh(eve)
        _ = try await test.refresh(try await test.login())
    }

    @Test func `a cutoff ends a session everywhere even if its record is not marked`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let kept = try await test.login()
        let client = try await test.client()
        var user = try test.userRecord()
        user.endSessions(except: kept.sessionID, at: test.clock.now, because: .passwordChange)
        try await test.store.write { [user] in try $0.update(user) }
        #expect(try test.family(of: tokens).revokedAt == nil)

        let before = try test.dump()
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        for token in [tokens.accessToken, tokens.refreshToken] {
            #expect(try await test.issuer.introspect(token, by: client) == .inactive)
        }
        let listed = try await test.issuer.sessions(accessToken: kept.accessToken, limit: 9).sessions
        #expect(listed.map(\.id) == [kept.sessionID])
        let shown = try await test.administration.sessions(of: "ada@example.com", limit: 9)
        #expect(Set(shown.filter { $0.state(at: test.clock.now) == .alive }.map(\.id)) == [kept.sessionID])
        #expect(try await Set(test.administration.sessions(limit: 9)) == Set(shown))
        await expect(.sessionNotFound) {
            try await test.issuer.revokeSession("\(tokens.sessionID)", accessToken: kept.accessToken)
        }
        #expect(try await test.administration.revokeSession("\(tokens.sessionID)") == false)
        #expect(try test.dump() == before)
        // So far, only the cutoff time in the user's record ends the session of `tokens`: the session's own record is
        // not marked as revoked. `revokeSessions` must also mark the session's record.
        try await test.issuer.revokeSessions(accessToken: kept.accessToken, includingCurrent: false)
        #expect(try test.family(of: tokens).revokedAt == test.clock.now)
        _ = try await test.refresh(kept)
    }

    @Test func `after a clock step back a cutoff ends older sessions and spares newer ones`() async throws {
        let test = try IssuerFixture.make()
        let old = try await test.session()
        let mine = try await test.login()
        test.clock.advance(by: .seconds(-20))
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        await expect(.refreshTokenDead) { try await test.refresh(old) }
        let new = try await test.login()
        _ = try await test.refresh(mine)
        _ = try await test.refresh(new)
        _ = try await test.issuer.profile(accessToken: new.accessToken)
    }

    @Test func `a session that begins in the millisecond of the cutoff stays alive`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let old = try await test.login()
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false)
        let new = try await test.login()
        await expect(.refreshTokenDead) { try await test.refresh(old) }
        _ = try await test.refresh(new)
        #expect(try await test.issuer.sessions(accessToken: mine.accessToken, limit: 9).sessions.count == 2)
    }

    @Test func `a session that one cutoff kept is ended by the next`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        try await test.issuer.revokeSessions(accessToken: first.accessToken, includingCurrent: false)
        let second = try await test.login()
        try await test.issuer.revokeSessions(accessToken: second.accessToken, includingCurrent: false)
        await expect(.refreshTokenDead) { try await test.refresh(first) }
        _ = try await test.refresh(second)
    }

    @Test func `an operator can end one session by its id`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let other = try await test.login()
        #expect(try await test.administration.revokeSession("\(tokens.sessionID)"))
        #expect(try await test.administration.revokeSession("\(tokens.sessionID)") == false)
        #expect(try test.family(of: tokens).revocationReason == .administrator)
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        _ = try await test.refresh(other)
        for id in ["", "x", "\(FamilyID.random())"] {
            await expect(.sessionNotFound) { try await test.administration.revokeSession(id) }
        }
    }

    @Test func `ending all other sessions starts no write transaction if there are none`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let store = FailingStore(store: test.store)
        let issuer = try test.issuer(on: store)
        for _ in 1...3 { try await issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false) }
        #expect(store.writes == 0)
    }
}
