import InMemoryLogging
import JOSE
import Logging
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

@Suite struct RefreshTests {
    @Test func `the current token is exchanged for a new pair`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.refresh(first)
        #expect(second.refreshToken != first.refreshToken)
        #expect(second.accessToken != first.accessToken)
        #expect(second.sessionID == first.sessionID)
        #expect(second.expiresIn == 900)
        #expect(second.refreshExpiresIn == 7 * 86_400)
        #expect(second.scope == "account")
        #expect(try test.family(of: first).generation == 1)
    }

    @Test func `a rotation stores the caller's address`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        _ = try await test.issuer.refresh(
            first.refreshToken, from: RequestSource(address: "198.51.100.9", device: "other"))
        let family = try test.family(of: first)
        #expect(family.lastUsedAddress == "198.51.100.9")
        #expect(family.createdAddress == "192.0.2.1")
        #expect(family.device == "a browser")
    }

    @Test func `within the reuse window the parent returns the current refresh token and writes nothing`() async throws
    {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.refresh(first)
        let before = try test.family(of: first)
        test.clock.advance(by: .seconds(9))
        let again = try await test.refresh(first)
        #expect(again.refreshToken == second.refreshToken)
        #expect(again.accessToken != second.accessToken)
        #expect(try test.family(of: first) == before)
    }

    @Test func `a late replay restarts the reuse window and extends the status list entry`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.refresh(first)
        for _ in 1...40 {
            test.clock.advance(by: .seconds(29))
            let again = try await test.refresh(first)
            #expect(again.refreshToken == second.refreshToken)
            #expect(again.expiresIn == 900)
        }
        try await test.issuer.audit.flush(everything: true)
        let replays = try test.recorded().filter { $0.type == .refreshReplayed }
        #expect(replays.reduce(0) { $0 + $1.count } == 40)
        test.clock.advance(by: .seconds(30))
        let third = try await test.refresh(first)
        #expect(third.refreshToken != second.refreshToken)
        await expect(.refreshTokenDead) { try await test.refresh(second) }
    }

    @Test func `a replay's access token expires no later than the session's status list entry`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        _ = try await test.refresh(first)
        let clock = test.clock
        let longer = try Issuer(
            configuration: .make(accessTokenLifetime: .seconds(86_400)), store: test.store, keyring: test.keyring,
            passwords: test.passwords, now: { clock.now }, logger: test.issuer.logger)
        let replayed = try await longer.refresh(first.refreshToken, from: IssuerFixture.source)
        let status = try #require(try test.family(of: first).statusListEntry)
        let end = try #require(try test.claims(of: replayed.accessToken)["exp"]?.number)
        #expect(end <= Double(status.tokensExpireAt.seconds))
        #expect(replayed.expiresIn >= 900)
    }

    @Test func `after the reuse window the parent gets a new child and the unused child is dead`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let lost = try await test.refresh(first)
        test.clock.advance(by: .seconds(30))
        let recovered = try await test.refresh(first)
        #expect(recovered.refreshToken != lost.refreshToken)
        let next = try await test.refresh(recovered)
        #expect(next.refreshToken != recovered.refreshToken)
        await expect(.refreshTokenDead) { try await test.refresh(lost) }
        await expect(.refreshTokenDead) { try await test.refresh(next) }
    }

    @Test func `a narrower scope holds for one access token and the session keeps its whole scope`() async throws {
        let test = try IssuerFixture.make(configuration: .make(loginScopes: ["orders:read"]))
        let first = try await test.session(of: nil, scope: "account orders:read")
        let narrow = try await test.issuer.refresh(
            first.refreshToken, scope: "orders:read", from: IssuerFixture.source)
        #expect(narrow.scope == "orders:read")
        #expect(try test.claims(of: narrow.accessToken)["scope"] == "orders:read")
        let wide = try await test.refresh(narrow)
        #expect(try test.claims(of: wide.accessToken)["scope"] == "account orders:read")
    }

    @Test(arguments: [
        "admin", "account admin", "account  account", " ", "account\n", "a\"", String(repeating: "a", count: 1025),
    ])
    func `a malformed scope or one beyond the login's is refused and does not use the token up`(scope: String)
        async throws
    {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        await expect(.invalidScope) {
            try await test.issuer.refresh(first.refreshToken, scope: scope, from: IssuerFixture.source)
        }
        #expect(try test.family(of: first).generation == 0)
        _ = try await test.refresh(first)
    }

    @Test func `a reused token ends its family whatever scope is requested`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        _ = try await test.refresh(try await test.refresh(first))
        await expect(.refreshTokenDead) {
            try await test.issuer.refresh(first.refreshToken, scope: "admin", from: IssuerFixture.source)
        }
        #expect(try test.family(of: first).revocationReason == .reuse)
    }

    @Test func `only the session's own client may refresh it`() async throws {
        let test = try IssuerFixture.make()
        let (owner, stranger) = (try await test.client(), try await test.client())
        let first = try await test.session(of: owner, scope: "")
        for client in [nil, stranger] {
            await expect(.refreshTokenInvalid) {
                try await test.issuer.refresh(first.refreshToken, by: client, from: IssuerFixture.source)
            }
        }
        #expect(try test.family(of: first).generation == 0)
        _ = try await test.issuer.refresh(first.refreshToken, by: owner, from: IssuerFixture.source)
    }

    @Test func `a reused token revokes its own family alone and logs one warning`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let bystander = try await test.login()
        let second = try await test.refresh(first)
        let third = try await test.refresh(second)
        await expect(.refreshTokenDead) { try await test.refresh(first) }
        await expect(.refreshTokenDead) { try await test.refresh(third) }
        await expect(.refreshTokenDead) { try await test.refresh(first) }
        let family = try test.family(of: first)
        #expect(family.revocationReason == .reuse)
        #expect(family.revokedAt == test.clock.now)
        _ = try await test.refresh(bystander)

        let warnings = test.log.entries.filter { $0.level == .warning }
        #expect(warnings.map(\.message) == ["refresh token reuse"])
        #expect(warnings.first?.metadata == ["family": "\(family.id)", "user": "\(family.userID)"])
    }

    @Test func `fifty callers racing with one token cause one rotation and all get the same refresh token`()
        async throws
    {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let pairs = try await withThrowingTaskGroup(of: IssuedTokens.self) { group in
            for _ in 0..<50 { group.addTask { try await test.refresh(first) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(pairs.count == 50)
        #expect(Set(pairs.map(\.refreshToken)).count == 1)
        #expect(Set(pairs.map(\.accessToken)).count == 50)
        #expect(try test.family(of: first).generation == 1)
        _ = try await test.refresh(try #require(pairs.first))
    }

    @Test func `racing recoveries cause one new child`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        _ = try await test.refresh(first)
        test.clock.advance(by: .seconds(60))
        let pairs = try await withThrowingTaskGroup(of: IssuedTokens.self) { group in
            for _ in 0..<20 { group.addTask { try await test.refresh(first) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(pairs.map(\.refreshToken)).count == 1)
        #expect(try test.family(of: first).generation == 2)
    }

    @Test func `idle and absolute expiry end a session`() async throws {
        let test = try IssuerFixture.make(
            configuration: .make(refreshTokenIdleLifetime: .seconds(100), sessionLifetime: .seconds(250)))
        var tokens = try await test.session()
        #expect(tokens.refreshExpiresIn == 100)
        test.clock.advance(by: .seconds(99))
        tokens = try await test.refresh(tokens)
        test.clock.advance(by: .seconds(99))
        tokens = try await test.refresh(tokens)
        #expect(tokens.refreshExpiresIn == 52)
        let other = try await test.login()
        test.clock.advance(by: .seconds(52))
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        test.clock.advance(by: .seconds(48))
        await expect(.refreshTokenDead) { try await test.refresh(other) }
    }

    @Test func `an access token does not outlive its session`() async throws {
        let test = try IssuerFixture.make(configuration: .make(sessionLifetime: .seconds(1000)))
        var tokens = try await test.session()
        #expect(tokens.expiresIn == 900)
        test.clock.advance(by: .seconds(500))
        tokens = try await test.refresh(tokens)
        #expect(tokens.expiresIn == 500)
    }

    @Test func `malformed and forged tokens and tokens of unknown families change nothing`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let token = try #require(RefreshToken(tokens.refreshToken))
        let forged = RefreshToken(
            secretID: token.secretID, familyID: token.familyID, generation: 0, tag: [UInt8](repeating: 0, count: 32))
        let orphan = RefreshToken(
            secretID: token.secretID, familyID: FamilyID(high: 0, low: 0), generation: 0, tag: token.tag)
        let ahead = RefreshToken(
            secretID: token.secretID, familyID: token.familyID, generation: 1, tag: token.tag)
        let otherSecret = RefreshToken(
            secretID: token.secretID &+ 1, familyID: token.familyID, generation: 0, tag: token.tag)
        let otherVersion = tokens.refreshToken.replacing("srt_A", with: "srt_B", maxReplacements: 1)
        #expect(otherVersion != tokens.refreshToken)
        let before = try test.dump()
        let texts = [
            "", "srt_", String(tokens.refreshToken.dropLast()), tokens.refreshToken + "A", tokens.accessToken,
            forged.text, orphan.text, ahead.text, otherSecret.text, otherVersion, RefreshToken.placeholder.text,
            String(repeating: "x", count: 1_000_000),
        ]
        for text in texts {
            await expect(.refreshTokenInvalid) { try await test.issuer.refresh(text, from: IssuerFixture.source) }
        }
        #expect(try test.dump() == before)
        // With a closed store, malformed text and forged tokens must fail with the same error. So the issuer reads the
        // store for both, and refuses both after the same time.
        test.closeStore()
        for text in texts {
            await expect(.storeUnavailable) { try await test.issuer.refresh(text, from: IssuerFixture.source) }
        }
    }

    @Test func `a disabled user's sessions stay ended after the user is enabled again`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        #expect(try await test.administration.disableUser("ada@example.com").endedSessions == 1)
        #expect(try test.family(of: tokens).revocationReason == .administrator)
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        try await test.administration.enableUser("ada@example.com")
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        _ = try await test.refresh(try await test.login())
    }

    @Test func `a disabled user is refused even if the session's record is still alive`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        var user = try test.userRecord()
        user.disabledAt = test.clock.now
        try await test.store.write { [user] in try $0.update(user) }
        let before = try test.dump()
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        #expect(try test.dump() == before)
    }

    @Test func `a deleted user's refresh token is invalid`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        try await test.administration.deleteUser("ada@example.com")
        await expect(.refreshTokenInvalid) { try await test.refresh(tokens) }
    }

    /// A change by a concurrent caller, between the time when a refresh reads the session and the time when it writes.
    enum Interruption: CaseIterable {
        case rotation, reuse, disabling, roles, deletion

        func change(_ tokens: IssuedTokens, at now: Timestamp) -> InterruptedStore.Change {
            { writer in
                guard var family = try writer.family(id: tokens.sessionID),
                    var user = try writer.user(id: family.userID)
                else { return }
                switch self {
                case .rotation:
                    (family.parent, family.generation) = (family.generation, family.generation + 1)
                    try writer.update(family)
                case .reuse:
                    (family.revokedAt, family.revocationReason) = (now, .reuse)
                    try writer.update(family)
                case .disabling:
                    user.disabledAt = now
                    try writer.update(user)
                case .roles:
                    user.roles = ["auditor"]
                    try writer.update(user)
                case .deletion: _ = try writer.removeFamilies(of: user.id, limit: 1)
                }
            }
        }
    }

    @Test(arguments: Interruption.allCases, InterruptedStore.Moment.allCases)
    func `a refresh decides again by what another caller wrote after its snapshot`(
        interruption: Interruption, moment: InterruptedStore.Moment
    ) async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let store = InterruptedStore(store: test.memory, at: moment)
        let issuer = try test.issuer(on: store)
        store.duringWrite = interruption.change(tokens, at: test.clock.now)
        func refresh() async throws -> IssuedTokens {
            try await issuer.refresh(tokens.refreshToken, from: IssuerFixture.source)
        }
        switch interruption {
        case .rotation:
            let pair = try await refresh()
            let family = try test.family(of: tokens)
            #expect(family.generation == 1)
            #expect(try issuer.refreshTokens.currentToken(of: family).text == pair.refreshToken)
        case .roles:
            let pair = try await refresh()
            #expect(try test.claims(of: pair.accessToken)["roles"] == .array([.string("auditor")]))
            #expect(try test.family(of: tokens).generation == 1)
        case .reuse, .disabling:
            await expect(.refreshTokenDead) { try await refresh() }
            #expect(try test.family(of: tokens).generation == 0)
        case .deletion:
            await expect(.refreshTokenInvalid) { try await refresh() }
        }
        #expect(store.duringWrite == nil)
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `the decision in the write also checks the scope`(moment: InterruptedStore.Moment) async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let store = InterruptedStore(store: test.memory, at: moment)
        let issuer = try test.issuer(on: store)
        // `ahead` is the session's record after one more rotation, and `token` is the current refresh token of `ahead`.
        // The refresh first reads the older record, to which `token` does not belong, and decides to revoke the
        // session.
        //
        // Then `duringWrite` stores `ahead`. In its write transaction, the refresh reads `ahead` and decides again. Now
        // `token` is current, so the refresh must check the scope.
        var ahead = try test.family(of: tokens)
        (ahead.parent, ahead.generation) = (0, 1)
        let token = try issuer.refreshTokens.currentToken(of: ahead).text
        store.duringWrite = { [ahead] writer in try writer.update(ahead) }
        await expect(.invalidScope) {
            try await issuer.refresh(token, scope: "account admin", from: IssuerFixture.source)
        }
        #expect(try test.family(of: tokens) == ahead)
    }

    @Test func `a refresh or a login writes nothing if no token can be signed`() async throws {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: WallClock.start)
        let node = try Keyring.openExisting(directory: directory.path, now: WallClock.start)
        let test = try IssuerFixture.make(keyring: node)
        test.clock.advance(by: .seconds(86_400))
        let tokens = try await test.session()
        let old = try #require(keyring.signingKeyID(at: test.clock.now))
        _ = try keyring.revoke(old, at: test.clock.now)
        let new = try #require(keyring.signingKeyID(at: test.clock.now))
        let pem = try #require(directory.files()["\(new).pem"])
        try directory.write(Array("garbage".utf8), to: "\(new).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: test.clock.now) }
        let before = try test.dump()
        await expect(.storeUnavailable) { try await test.refresh(tokens) }
        await expect(.storeUnavailable) { try await test.login() }
        #expect(try test.dump() == before)

        try directory.write(pem, to: "\(new).pem")
        test.clock.advance(by: .seconds(30))
        try node.followChanges(at: test.clock.now)
        _ = try await test.refresh(tokens)
        #expect(try test.family(of: tokens).generation == 1)
    }

    @Test func `a refresh on a closed store is storeUnavailable`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        test.closeStore()
        await expect(.storeUnavailable) { try await test.refresh(tokens) }
    }
}
