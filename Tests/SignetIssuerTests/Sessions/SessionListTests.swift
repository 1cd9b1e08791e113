import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct SessionListTests {
    @Test func `a user sees every live session with its details and the current one marked`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        test.clock.advance(by: .seconds(60))
        let source = RequestSource(address: "198.51.100.9", device: "agent")
        let second = try await test.issuer.login(
            email: "ada@example.com", password: IssuerFixture.password, from: source, deviceName: "Ada's phone"
        ).tokens
        test.clock.advance(by: .seconds(60))
        let refreshed = try await test.issuer.refresh(
            first.refreshToken, from: RequestSource(address: "203.0.113.5", device: "elsewhere"))
        _ = try await test.session(email: "eve@example.com")

        let page = try await test.issuer.sessions(accessToken: refreshed.accessToken, limit: 50)
        #expect(page.next == nil)
        #expect(page.sessions.map(\.id) == [first.sessionID, second.sessionID].sorted())
        let mine = try #require(page.sessions.first { $0.id == first.sessionID })
        #expect(page.currentID == mine.id)
        #expect(mine.device == "a browser")
        #expect(mine.createdAt == WallClock.start)
        #expect(mine.createdAddress == "192.0.2.1")
        #expect(mine.lastUsedAt == test.clock.now)
        #expect(mine.lastUsedAddress == "203.0.113.5")
        #expect(mine.expiresAt == test.clock.now + .seconds(7 * 86_400))
        let other = try #require(page.sessions.first { $0.id == second.sessionID })
        #expect(other.device == "Ada's phone")
        #expect(other.lastUsedAt == WallClock.start + .seconds(60))
        #expect(other.lastUsedAddress == "198.51.100.9")
    }

    @Test func `sessions that have ended or expired are not listed`() async throws {
        let test = try IssuerFixture.make(configuration: .make(sessionLifetime: .seconds(7 * 86_400)))
        let expired = try await test.session()
        test.clock.advance(by: .seconds(7 * 86_400 - 60))
        let over = try await test.login()
        let mine = try await test.login()
        try await test.issuer.logout(refreshToken: over.refreshToken)
        #expect(try await test.issuer.sessions(accessToken: mine.accessToken, limit: 50).sessions.count == 2)
        test.clock.advance(by: .seconds(60))
        let left = try await test.issuer.sessions(accessToken: mine.accessToken, limit: 50).sessions.map(\.id)
        #expect(left == [mine.sessionID])
        #expect(!left.contains(expired.sessionID))
    }

    @Test(arguments: [1, 2, 3, 7, 8, 100])
    func `pages contain every session once`(limit: Int) async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        for _ in 0..<6 { _ = try await test.login() }
        var seen: [FamilyID] = []
        var cursor: FamilyID?
        repeat {
            let page = try await test.issuer.sessions(accessToken: tokens.accessToken, after: cursor, limit: limit)
            #expect(page.sessions.count <= limit)
            #expect(!page.sessions.isEmpty)
            seen += page.sessions.map(\.id)
            cursor = page.next
        } while cursor != nil
        #expect(seen == seen.sorted())
        #expect(Set(seen).count == 7)
        #expect(seen.count == 7)
    }

    @Test func `a page reads a bounded number of records and has a cursor for the rest`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let user = try test.family(of: tokens).userID
        // One page reads at most `SessionPage.scanLimit` session records. Insert more revoked sessions than that. A
        // page reads them first, because their ids sort before every random id.
        try await test.store.write { writer in
            for number in 0..<UInt64(SessionPage.scanLimit + 10) {
                let template = FamilyRecord.sample(of: user)
                try writer.insert(
                    template.identified(by: FamilyID(high: 0, low: number)).revoked(
                        at: WallClock.start, because: .logout))
            }
        }
        let first = try await test.issuer.sessions(accessToken: tokens.accessToken, limit: 50)
        #expect(first.sessions.isEmpty)
        #expect(first.next == FamilyID(high: 0, low: UInt64(SessionPage.scanLimit - 1)))
        let second = try await test.issuer.sessions(accessToken: tokens.accessToken, after: first.next, limit: 50)
        #expect(second.sessions.map(\.id) == [tokens.sessionID])
        #expect(second.next == nil)
    }

    @Test func `only the access token of a live session is accepted`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let client = try await test.client()
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        for token in [grant.accessToken, tokens.refreshToken, "", "x"] {
            await expect(.tokenInvalid) { try await test.issuer.sessions(accessToken: token, limit: 1) }
            await expect(.tokenInvalid) {
                try await test.issuer.revokeSessions(accessToken: token, includingCurrent: true)
            }
            await expect(.tokenInvalid) {
                try await test.issuer.revokeSession("\(tokens.sessionID)", accessToken: token)
            }
            await expect(.tokenInvalid) {
                try await test.issuer.changePassword(
                    accessToken: token, current: IssuerFixture.password, new: "another one", from: IssuerFixture.source)
            }
            await expect(.tokenInvalid) {
                try await test.issuer.deleteAccount(
                    accessToken: token, password: IssuerFixture.password, from: IssuerFixture.source)
            }
        }
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        await expect(.tokenInvalid) { try await test.issuer.sessions(accessToken: tokens.accessToken, limit: 1) }
        test.clock.advance(by: .seconds(900))
        await expect(.tokenExpired) { try await test.issuer.sessions(accessToken: tokens.accessToken, limit: 1) }
    }

    @Test func `a device name is cleaned and cut, and an invisible one is ignored`() {
        let source = RequestSource(address: "", device: "agent")
        #expect(source.naming(device: "  Ada's\u{7} \u{202E}phone\n ").device == "Ada's phone")
        #expect(source.naming(device: String(repeating: "é", count: 150)).device.utf8.count == 200)
        for name in ["", "  ", "\u{200B}\u{200D}", "\n", "\u{2060}"] {
            #expect(source.naming(device: name).device == "agent")
        }
    }
}

extension FamilyRecord {
    /// Returns a copy of this record with the id `id`.
    func identified(by id: FamilyID) -> FamilyRecord {
        FamilyRecord(
            id: id, userID: userID, clientID: clientID, scope: scope, salt: salt, authenticatedAt: authenticatedAt,
            createdAt: createdAt, expiresAt: expiresAt, generation: generation, secretID: secretID, parent: parent,
            rotatedAt: rotatedAt, idleExpiresAt: idleExpiresAt, device: device, createdAddress: createdAddress,
            lastUsedAddress: lastUsedAddress)
    }
}
