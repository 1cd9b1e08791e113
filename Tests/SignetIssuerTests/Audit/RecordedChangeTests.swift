import SignetStore
import Testing

@testable import SignetIssuer

/// The issuer writes a change and its audit record in one transaction, so that the store gets both or neither.
@Suite struct RecordedChangeTests {
    /// An operation that changes the store and writes an audit record of the change.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make:
            @Sendable (
                _ issuer: Issuer, _ administration: Administration, _ tokens: [IssuedTokens], _ client: Client
            )
                async throws -> Void
    }

    private static let changes: [Change] = [
        Change(testDescription: "registration") { issuer, _, _, _ in
            _ = try await issuer.register(name: "Eve", email: "eve@example.com", password: IssuerFixture.password)
        },
        Change(testDescription: "login") { issuer, _, _, _ in
            _ = try await issuer.login(
                email: "ada@example.com", password: IssuerFixture.password, from: IssuerFixture.source)
        },
        Change(testDescription: "reuse") { issuer, _, tokens, _ in
            _ = try await issuer.refresh(tokens[0].refreshToken, from: IssuerFixture.source)
        },
        Change(testDescription: "logout") { issuer, _, tokens, _ in
            try await issuer.logout(refreshToken: tokens[2].refreshToken)
        },
        Change(testDescription: "end of a session") { issuer, _, tokens, _ in
            try await issuer.revokeSession("\(tokens[3].sessionID)", accessToken: tokens[2].accessToken)
        },
        Change(testDescription: "end of all sessions") { issuer, _, tokens, _ in
            try await issuer.revokeSessions(accessToken: tokens[2].accessToken, includingCurrent: true)
        },
        Change(testDescription: "revocation of a refresh token") { issuer, _, tokens, client in
            try await issuer.revoke(tokens[2].refreshToken, by: client)
        },
        Change(testDescription: "revocation of an access token") { issuer, _, tokens, client in
            try await issuer.revoke(tokens[2].accessToken, by: client)
        },
        Change(testDescription: "password change") { issuer, _, tokens, _ in
            try await issuer.changePassword(
                accessToken: tokens[2].accessToken, current: IssuerFixture.password, new: "battery staple",
                from: IssuerFixture.source)
        },
        Change(testDescription: "account deletion") { issuer, _, tokens, _ in
            try await issuer.deleteAccount(
                accessToken: tokens[2].accessToken, password: IssuerFixture.password, from: IssuerFixture.source)
        },
        Change(testDescription: "disabling of a user") { _, administration, _, _ in
            try await administration.disableUser("ada@example.com")
        },
        Change(testDescription: "creation of a client") { _, administration, _, _ in
            _ = try await administration.createClient(name: "new")
        },
        Change(testDescription: "deletion of a client") { _, administration, _, client in
            _ = try await administration.deleteClient("\(client.id)")
        },
    ]

    @Test(arguments: changes)
    func `a change is not made if its record cannot be written`(change: Change)
        async throws
    {
        let test = try IssuerFixture.make()
        let store = UnrecordingStore(store: test.store)
        let issuer = try test.issuer(on: store)
        let administration = Administration(store: store) { test.clock.now }
        let first = try await test.session()
        let tokens = [first, try await test.refresh(first), try await test.login(), try await test.login()]
        _ = try await test.refresh(tokens[1])
        let client = try await test.client()

        store.refusesRecords = true
        let before = try test.dump()
        let head = try await test.issuer.audit.head()
        await #expect(throws: (any Error).self) { try await change.make(issuer, administration, tokens, client) }
        #expect(try test.dump() == before)
        #expect(try test.store.read { try $0.isRevoked(tokenID: test.tokenID(of: tokens[2])) } == false)
        #expect(try await test.issuer.audit.head() == head)

        store.refusesRecords = false
        try? await change.make(issuer, administration, tokens, client)
        #expect(try await test.issuer.audit.head() != head)
    }
}
