import SignetStore
import Testing

@testable import SignetIssuer

/// A session operation first reads the store and then writes. In these tests another caller writes in between. The
/// operation must then decide again with the new state. Each test runs with both moments at which the other caller may
/// write.
@Suite(.timeLimit(.minutes(1))) struct WriteRaceTests {
    /// A user with two sessions, and an issuer whose store simulates another caller: it runs a closure of the test
    /// during the issuer's next write.
    private struct Race {
        let test: IssuerFixture
        let mine: IssuedTokens
        let other: IssuedTokens
        let client: Client
        let store: InterruptedStore
        let issuer: Issuer

        init(_ moment: InterruptedStore.Moment) async throws {
            test = try IssuerFixture.make()
            mine = try await test.session()
            other = try await test.login()
            client = try await test.client()
            store = InterruptedStore(store: test.memory, at: moment)
            issuer = try test.issuer(on: store)
        }

        /// Arranges that an administrator ends the session of `tokens` during the issuer's next write.
        func endFirst(_ tokens: IssuedTokens) {
            let (now, audit) = (test.clock.now, test.issuer.audit)
            store.duringWrite = { writer in
                guard let family = try writer.family(id: tokens.sessionID) else { return }
                try writer.update(family.revoked(at: now, because: .administrator))
                try audit.record(.sessionRevoked, of: family, by: .operator, in: writer)
            }
        }

        /// Arranges that an administrator ends all sessions except `kept` during the issuer's next write. If
        /// `kept` is `nil`, the administrator ends all sessions.
        func endAllFirst(except kept: IssuedTokens?) {
            let (now, audit, id) = (test.clock.now, test.issuer.audit, mine.sessionID)
            store.duringWrite = { writer in
                guard let family = try writer.family(id: id), var user = try writer.user(id: family.userID) else {
                    return
                }
                user.endSessions(except: kept?.sessionID, at: now, because: .administrator)
                try writer.update(user)
                try audit.record(.sessionRevoked, of: user, by: .operator, in: writer)
            }
        }

        /// Expects that the other caller has written, and that the audit log has only one end of a session: the one by
        /// the other caller (`operator`).
        func expectOneEnd(sourceLocation: SourceLocation = #_sourceLocation) async throws {
            #expect(store.duringWrite == nil, "the other caller wrote", sourceLocation: sourceLocation)
            let ends = try await test.audit().filter { [.logout, .sessionRevoked].contains($0.type) }
            #expect(ends.map(\.actor) == [.operator], sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `logout leaves a session alone that another caller has just ended`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        race.endFirst(race.mine)
        try await race.issuer.logout(refreshToken: race.mine.refreshToken)
        try await race.expectOneEnd()
        #expect(try race.test.family(of: race.mine).revocationReason == .administrator)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `logout does not bring back a family that another caller has just removed`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        let user = try race.test.family(of: race.mine).userID
        race.store.duringWrite = { _ = try $0.removeFamilies(of: user, limit: 10) }
        try await race.issuer.logout(refreshToken: race.mine.refreshToken)
        #expect(race.store.duringWrite == nil)
        #expect(try race.test.store.read { try $0.family(id: race.mine.sessionID) } == nil)
        #expect(try await !race.test.audit().contains { $0.type == .logout })
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `a client's revocation leaves a session alone that another caller has just ended`(
        moment: InterruptedStore.Moment
    )
        async throws
    {
        let race = try await Race(moment)
        race.endFirst(race.mine)
        try await race.issuer.revoke(race.mine.refreshToken, by: race.client)
        try await race.expectOneEnd()
        #expect(try race.test.family(of: race.mine).revocationReason == .administrator)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `an access token that another caller has just revoked is recorded once`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        let tokenID = try race.test.tokenID(of: race.mine)
        let end = race.test.clock.now + .seconds(1000)
        race.store.duringWrite = { try $0.revoke(tokenID: tokenID, until: end) }
        try await race.issuer.revoke(race.mine.accessToken, by: race.client)
        #expect(race.store.duringWrite == nil)
        #expect(try await !race.test.audit().contains { $0.type == .tokenRevoked })
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `ending a session fails if another caller has just ended it`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        race.endFirst(race.other)
        await expect(.sessionNotFound) {
            try await race.issuer.revokeSession("\(race.other.sessionID)", accessToken: race.mine.accessToken)
        }
        try await race.expectOneEnd()
        #expect(try race.test.family(of: race.other).revocationReason == .administrator)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `a session that another caller has just ended may end no other session`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        race.endFirst(race.mine)
        await expect(.tokenInvalid) {
            try await race.issuer.revokeSession("\(race.other.sessionID)", accessToken: race.mine.accessToken)
        }
        try await race.expectOneEnd()
        #expect(try race.test.family(of: race.other).revokedAt == nil)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `ending all other sessions writes nothing if another caller has just ended them`(
        moment: InterruptedStore.Moment
    )
        async throws
    {
        let race = try await Race(moment)
        race.endAllFirst(except: race.mine)
        try await race.issuer.revokeSessions(accessToken: race.mine.accessToken, includingCurrent: false)
        try await race.expectOneEnd()
        #expect(try race.test.family(of: race.other).revocationReason == .administrator)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `ending all sessions fails if another caller has just ended them`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        race.endAllFirst(except: nil)
        await expect(.tokenInvalid) {
            try await race.issuer.revokeSessions(accessToken: race.mine.accessToken, includingCurrent: true)
        }
        try await race.expectOneEnd()
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `the records of ended sessions are marked once`(moment: InterruptedStore.Moment)
        async throws
    {
        let race = try await Race(moment)
        let now = race.test.clock.now
        let (id, otherID) = (race.mine.sessionID, race.other.sessionID)
        let userID = try race.test.family(of: race.mine).userID
        var user = try #require(try race.test.store.read { try $0.user(id: userID) })
        user.endSessions(at: now, because: .logout)
        try await race.test.store.write { [user] in try $0.update(user) }
        // During the next write, another caller revokes the session `id` and removes the session `otherID`.
        race.store.duringWrite = { writer in
            guard let family = try writer.family(id: id) else { return }
            _ = try writer.removeFamilies(of: family.userID, limit: 10)
            try writer.insert(family.revoked(at: now, because: .administrator))
        }
        #expect(try await CutoffWriting(store: race.store).run(for: user.id, at: now) == 0)
        #expect(race.store.duringWrite == nil)
        #expect(try race.test.family(of: race.mine).revocationReason == .administrator)
        #expect(try race.test.store.read { try $0.family(id: otherID) } == nil)
    }
}
