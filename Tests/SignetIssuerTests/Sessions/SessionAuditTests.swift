import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct SessionAuditTests {
    /// The newest `count` audit records of a user, oldest first.
    private func records(_ test: IssuerFixture, of user: UserID, last count: Int) throws -> [AuditRecord] {
        try test.store.read { reader in
            try reader.auditEntries(of: user, before: .max, limit: count).reversed().map { try $0.record() }
        }
    }

    @Test func `every end of sessions is recorded once with user, address and User-Agent`() async throws {
        let test = try IssuerFixture.make()
        let source = RequestSource(address: "198.51.100.9", device: "agent")
        let mine = try await test.issuer.login(
            email: try await test.register().email, password: IssuerFixture.password, from: source, deviceName: "phone"
        ).tokens
        let other = try await test.login()
        for _ in 0..<3 { _ = try await test.login() }
        let user = try test.family(of: mine).userID

        let logins = try records(test, of: user, last: 5)
        try #require(logins.map(\.type) == Array(repeating: .login, count: 5))
        #expect(logins[0].userAgent == "agent")
        #expect(try test.family(of: mine).device == "phone")

        try await test.issuer.revokeSession("\(other.sessionID)", accessToken: mine.accessToken, from: source)
        try await test.issuer.revokeSessions(accessToken: mine.accessToken, includingCurrent: false, from: source)
        try await test.issuer.changePassword(
            accessToken: mine.accessToken, current: IssuerFixture.password, new: "battery staple", from: source)
        let ended = try records(test, of: user, last: 3)
        try #require(ended.map(\.type) == [.sessionRevoked, .sessionRevoked, .passwordChanged])
        #expect(ended.map(\.familyID) == [other.sessionID, nil, nil])
        #expect(ended[1].reason != ended[0].reason)
        for record in ended {
            #expect(record.actor == .user(user))
            #expect(record.address == "198.51.100.9")
            #expect(record.userAgent == "agent")
            #expect(record.outcome == .succeeded)
        }

        try await test.issuer.deleteAccount(accessToken: mine.accessToken, password: "battery staple", from: source)
        #expect(try records(test, of: user, last: 1).map(\.type) == [.accountDeleted])
        #expect(try test.store.read { try $0.auditState().head.sequence } == 1 + 5 + 3 + 1)
    }

    @Test func `a wrong password is recorded as a refusal of the requested operation`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let user = try test.family(of: mine).userID
        await expect(.invalidCredentials) {
            try await test.issuer.changePassword(
                accessToken: mine.accessToken, current: "wrong", new: "battery staple", from: IssuerFixture.source)
        }
        await expect(.invalidCredentials) {
            try await test.issuer.deleteAccount(
                accessToken: mine.accessToken, password: "wrong", from: IssuerFixture.source)
        }
        try await test.issuer.audit.flush(everything: true)
        let refused = try records(test, of: user, last: 2)
        #expect(Set(refused.map(\.type)) == [.passwordChanged, .accountDeleted])
        #expect(refused.allSatisfy { $0.outcome == .refused && $0.reason == "wrong_password" })
        #expect(refused.allSatisfy { $0.actor == .user(user) && $0.familyID == mine.sessionID })
    }

    @Test func `an operator's changes are recorded with the operator as actor`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let other = try await test.login()
        let user = try test.family(of: tokens).userID
        try await test.administration.revokeSession("\(tokens.sessionID)")
        try await test.administration.revokeSession("\(tokens.sessionID)")
        for _ in 1...3 { try await test.administration.revokeSessions(of: "ada@example.com") }
        #expect(try test.family(of: other).revokedAt == test.clock.now)
        try await test.administration.setPassword(
            "battery staple", of: "ada@example.com", minimumLength: 8, passwords: test.passwords)
        try await test.administration.disableUser("ada@example.com")
        try await test.administration.deleteUser("ada@example.com")
        let records = try records(test, of: user, last: 5)
        #expect(
            records.map(\.type) == [.sessionRevoked, .sessionRevoked, .passwordChanged, .userDisabled, .userDeleted])
        #expect(records.map(\.familyID) == [tokens.sessionID, nil, nil, nil, nil])
        #expect(records.allSatisfy { $0.actor == .operator })
    }
}
