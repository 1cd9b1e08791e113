import JOSE
import SignetKeyring
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AuditTrailTests {
    private static let elsewhere = RequestSource(address: "198.51.100.7", device: "a script")

    @Test func `every change of an account is recorded, from its registration to its deletion`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.issuer.register(
            name: "Ada", email: "ada@example.com", password: IssuerFixture.password, from: Self.elsewhere)
        let tokens = try await test.login()
        try await test.issuer.logout(refreshToken: tokens.refreshToken, from: Self.elsewhere)
        try await test.issuer.logout(refreshToken: tokens.refreshToken, from: Self.elsewhere)
        try await test.administration.disableUser("ada@example.com")
        try await test.administration.disableUser("ada@example.com")
        try await test.administration.enableUser("ada@example.com")
        _ = try await test.login()
        try await test.administration.revokeSessions(of: "ada@example.com")
        try await test.administration.deleteUser("ada@example.com")
        let records = try await test.audit()
        try #require(
            records.map(\.type) == [
                .registration, .login, .logout, .userDisabled, .userEnabled, .login, .sessionRevoked, .userDeleted,
            ])
        #expect(records.allSatisfy { $0.subject == user.id && $0.outcome == .succeeded && $0.count == 1 })
        let actors: [AuditActor] = records.map(\.actor)
        #expect(actors[0...2].allSatisfy { $0 == .user(user.id) })
        #expect(actors[3] == .operator && actors[6] == .operator && actors[7] == .operator)
        #expect(records[1].familyID == tokens.sessionID && records[2].familyID == tokens.sessionID)
        #expect(records[0].address == Self.elsewhere.address && records[0].userAgent == Self.elsewhere.device)
        #expect(records[1].address == IssuerFixture.source.address)
        #expect(records.map(\.sequence) == Array(1...8))
        #expect(records.allSatisfy { $0.time == test.clock.now })
    }

    @Test func `a client is recorded when it is created and deleted, and as the actor of its revocations`() async throws
    {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let (first, second) = (try await test.session(), try await test.login())
        try await test.issuer.revoke(first.accessToken, by: client, from: Self.elsewhere)
        try await test.issuer.revoke(first.accessToken, by: client, from: Self.elsewhere)
        try await test.issuer.revoke(second.refreshToken, by: client, from: Self.elsewhere)
        try await test.administration.deleteClient(client.id.description)
        let records = try await test.audit()
        try #require(
            records.map(\.type)
                == [.clientCreated, .registration, .login, .login, .tokenRevoked, .sessionRevoked, .clientDeleted])
        #expect(records[0].object == client.id.description && records[6].object == client.id.description)
        #expect(records[4].actor == .client(client.id) && records[5].actor == .client(client.id))
        #expect(try .string(records[4].object) == test.claims(of: first.accessToken)["jti"])
        #expect(records[4].familyID == first.sessionID && records[5].familyID == second.sessionID)
        #expect(records[4].address == Self.elsewhere.address)
    }

    @Test func `a rotation is not recorded; a recovery and a reuse are recorded in their own transaction`() async throws
    {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.refresh(first)
        #expect(try test.recorded().count == 2)
        test.clock.advance(by: .seconds(31))
        let third = try await test.refresh(first)
        #expect(third.refreshToken != second.refreshToken)
        await expect(.refreshTokenDead) { try await test.issuer.refresh(second.refreshToken, from: Self.elsewhere) }
        // `recorded()` returns only records that are in the store, and no buffered events. It must return
        // `refreshRecovered` and `refreshReused`, because the issuer writes these two records in the transaction that
        // changes the session.
        let records = try test.recorded()
        try #require(records.map(\.type) == [.registration, .login, .refreshRecovered, .refreshReused])
        #expect(records[2].familyID == first.sessionID && records[2].outcome == .succeeded)
        #expect(records[3].familyID == first.sessionID && records[3].outcome == .refused)
        #expect(records[3].actor == .anonymous && records[3].subject == records[0].subject)
        #expect(records[3].address == Self.elsewhere.address)
        await expect(.refreshTokenDead) { try await test.refresh(third) }
        #expect(try await test.audit().count == 4)
    }

    @Test func `replays are buffered and become one record`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        _ = try await test.refresh(first)
        let before = try await test.issuer.audit.head()
        for _ in 0..<100 { _ = try await test.refresh(first) }
        #expect(try await test.issuer.audit.head() == before)
        #expect(try await test.issuer.audit.flush() == 1)
        let record = try #require(try test.recorded().last)
        #expect(record.type == .refreshReplayed && record.count == 100 && record.outcome == .succeeded)
        #expect(record.familyID == first.sessionID)
    }

    @Test func `the record of a refused login has the reason and a known account, but never what the caller typed`()
        async throws
    {
        let test = try IssuerFixture.make()
        let user = try await test.register()
        await expect(.invalidCredentials) { try await test.login(password: "wrong password") }
        await expect(.invalidCredentials) { try await test.login(email: "hunter2@secret.example") }
        try await test.administration.disableUser("ada@example.com")
        await expect(.invalidCredentials) { try await test.login() }
        try await test.administration.enableUser("ada@example.com")
        for _ in 0..<3 { await expect(.invalidCredentials) { try await test.login(password: "wrong password") } }
        await expect(.tooManyAttempts) { try await test.login() }
        // Refused logins are buffered in memory. The store has no record of them before the next flush.
        #expect(try test.recorded().allSatisfy { $0.type != .login })
        let records = try await test.audit().filter { $0.type == .login }
        let reasons = Dictionary(records.map { ($0.reason, $0) }) { first, _ in first }
        #expect(records.count == 4)
        #expect(reasons["wrong_password"]?.count == 4)
        #expect(reasons["account_disabled"]?.count == 1)
        #expect(reasons["too_many_attempts"]?.count == 1)
        #expect(reasons["unknown_account"]?.count == 1)
        #expect(records.allSatisfy { $0.outcome == .refused && $0.actor == .anonymous })
        #expect(records.allSatisfy { $0.subject == ($0.reason == "unknown_account" ? nil : user.id) })
        #expect(records.allSatisfy { $0.address == IssuerFixture.source.address })
        for entry in try test.store.read({ try $0.auditEntries(after: 0, limit: 100) }) {
            let text = String(decoding: entry.bytes, as: UTF8.self)
            #expect(!text.contains("hunter2") && !text.contains("ada@") && !text.contains("wrong password"))
        }
    }

    @Test func `logins to unknown accounts from one address become one record`() async throws {
        let test = try IssuerFixture.make()
        for number in 0..<20 {
            await expect(.invalidCredentials) { try await test.login(email: "\(number)@a.example") }
        }
        let records = try await test.audit()
        #expect(records.map(\.count) == [20])
    }

    @Test func `a wrong client secret is recorded with the client's id, and an unknown client without the id it sent`()
        async throws
    {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        for id in [client.id.description, "scs_not-an-id", ClientID.random().description] {
            await expect(.invalidClient) {
                try await test.issuer.authenticate(clientID: id, secret: "scs_wrong", from: Self.elsewhere)
            }
        }
        let records = try await test.audit().filter { $0.type == .clientAuthentication }
        #expect(records.map(\.reason).sorted() == ["unknown_client", "wrong_secret"])
        #expect(records.first { $0.reason == "wrong_secret" }?.object == client.id.description)
        #expect(records.first { $0.reason == "unknown_client" }.map { $0.object.isEmpty && $0.count == 2 } == true)
    }

    @Test func `a request with invalid input leaves no record`() async throws {
        let test = try IssuerFixture.make()
        try await test.register()
        let before = try await test.audit().count
        await expect(.userExists) { try await test.register() }
        await expect(.invalidInput) { try await test.login(email: "no address") }
        await expect(.refreshTokenInvalid) { try await test.issuer.refresh("srt_x", from: Self.elsewhere) }
        await expect(.userNotFound) { try await test.administration.deleteUser("bob@example.com") }
        await expect(.clientNotFound) { try await test.administration.deleteClient("x") }
        #expect(try await test.audit().count == before)
    }

    @Test func `events that could not be written are requeued and written later`() async throws {
        let test = try IssuerFixture.make()
        let failing = FailingStore(store: test.store)
        let trail = AuditTrail(store: failing) { test.clock.now }
        for _ in 0..<3 { trail.refused(.login, from: Self.elsewhere, reason: "wrong_password") }
        failing.fails = true
        await expect(.storeUnavailable) { try await trail.flush() }
        trail.refused(.login, from: Self.elsewhere, reason: "wrong_password")
        failing.fails = false
        #expect(try await trail.flush(everything: true) == 1)
        #expect(try test.recorded().map(\.count) == [4])
        #expect(try await trail.flush(everything: true) == 0)
    }

    @Test func `signing keys are recorded with their thumbprints`() async throws {
        let test = try IssuerFixture.make()
        let kids = test.keyring.listing(at: test.clock.now).map(\.keyID)
        try await test.issuer.audit.recordKeys(kids, .keyGenerated)
        let records = try test.recorded()
        #expect(records.map(\.object) == kids)
        #expect(records.allSatisfy { $0.type == .keyGenerated && $0.actor == .issuer })
    }

    @Test func `concurrent writers extend one chain`() async throws {
        let test = try IssuerFixture.make()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let administration = Administration(store: test.store) { WallClock.start }
                    _ = try await administration.createClient(name: "client \(number)")
                }
            }
            try await group.waitForAll()
        }
        let report = try await AuditVerification.run(on: test.store)
        #expect(report.count == 40)
        #expect(report.head.sequence == 40)
    }
}
