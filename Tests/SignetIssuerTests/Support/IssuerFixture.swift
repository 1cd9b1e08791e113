import InMemoryLogging
import JOSE
import Logging
import MemoryStore
import SignetKeyring
import SignetStore
import Synchronization
import TestSupport
import Testing

@testable import SignetIssuer

/// An issuer for tests: a store in memory, a clock that only the test moves, cheap password hashing.
struct IssuerFixture {
    static let password = "correct horse"
    static let source = RequestSource(address: "192.0.2.1", device: "a browser")

    let issuer: Issuer
    /// The store as its own type, for tests that change records in the middle of a write.
    let memory: MemoryStore
    let administration: Administration
    let clock: WallClock
    let log: InMemoryLogHandler
    let keyring: Keyring
    let passwords: PasswordHasher

    /// The keyring that all tests share, because generating RSA keys is slow.
    static let sharedKeyring: Keyring = {
        let directory = TemporaryDirectory()
        do {
            return try Keyring.open(directory: directory.path, now: WallClock.start)
        } catch {
            fatalError("\(error)")
        }
    }()

    static func make(
        configuration: IssuerConfiguration = .make(), keyring: Keyring = sharedKeyring,
        passwords: PasswordHasher = PasswordHasher(threads: 2, cost: .cheap), metrics: IssuerMetrics = .none
    ) throws -> IssuerFixture {
        let store = MemoryStore()
        let clock = WallClock()
        let log = InMemoryLogHandler()
        let issuer = try Issuer(
            configuration: configuration, store: store, keyring: keyring, passwords: passwords, now: { clock.now },
            logger: Logger(label: "test") { _ in log }, metrics: metrics)
        return IssuerFixture(
            issuer: issuer, memory: store, administration: Administration(store: store) { clock.now }, clock: clock,
            log: log, keyring: keyring, passwords: passwords)
    }

    var store: any LocalStore { memory }

    /// Closes the store. All later operations of the issuer fail.
    func closeStore() { memory.close() }

    /// Creates another issuer, with the store `store`. `store` must be a wrapper of this fixture's store.
    func issuer(on store: any Store, configuration: IssuerConfiguration = .make()) throws -> Issuer {
        try Issuer(
            configuration: configuration, store: store, keyring: keyring, passwords: passwords,
            now: { [clock] in clock.now },
            logger: issuer.logger)
    }

    @discardableResult
    func register(email: String = "ada@example.com", password: String = password) async throws -> User {
        try await issuer.register(name: "Ada", email: email, password: password)
    }

    /// The stored record of the user with the e-mail address `email`.
    func userRecord(email: String = "ada@example.com") throws -> UserRecord {
        try #require(try store.read { try $0.user(email: email) })
    }

    func login(email: String = "ada@example.com", password: String = password) async throws -> IssuedTokens {
        try await issuer.login(email: email, password: password, from: Self.source).tokens
    }

    /// Registers a user and logs the user in.
    func session(email: String = "ada@example.com") async throws -> IssuedTokens {
        try await register(email: email)
        return try await login(email: email)
    }

    /// Registers a user and inserts a session of `client`; see ``login(for:scope:)``.
    func session(of client: Client?, scope: String) async throws -> IssuedTokens {
        try await register()
        return try await login(for: client, scope: scope)
    }

    /// Inserts a session of the registered user with the scope `scope` into the store, and returns its tokens. If
    /// `client` is `nil`, the session belongs to no client, as after a login through Signet's own `/api`.
    func login(for client: Client?, scope: String) async throws -> IssuedTokens {
        let user = try userRecord()
        let now = clock.now
        let family = FamilyRecord(
            id: .random(), userID: user.id, clientID: client?.id, scope: scope, salt: SecureRandom.bytes(16),
            authenticatedAt: now, createdAt: now, expiresAt: now + .seconds(90 * 86_400), generation: 0,
            secretID: issuer.refreshTokens.currentSecretID, parent: nil, rotatedAt: now,
            idleExpiresAt: now + .seconds(7 * 86_400), device: Self.source.device,
            createdAddress: Self.source.address, lastUsedAddress: Self.source.address)
        try await store.write { try $0.insert(family) }
        let grant = issuer.loginPolicy.grant(audiences: [], scope: scope)
        return try issuer.tokens(of: family, for: user, grant: grant, at: now)
    }

    func refresh(_ tokens: IssuedTokens, by client: Client? = nil) async throws -> IssuedTokens {
        try await issuer.refresh(tokens.refreshToken, by: client, from: Self.source)
    }

    func family(of tokens: IssuedTokens) throws -> FamilyRecord {
        try #require(try store.read { try $0.family(id: tokens.sessionID) })
    }

    /// Registers an OAuth client that may use the client credentials grant.
    func client(
        scopes: [String] = [], audiences: [String] = [], mayIntrospect: Bool = true
    ) async throws -> Client {
        try await administration.createClient(
            name: "orders", scopes: scopes, audiences: audiences, mayIntrospect: mayIntrospect
        ).client
    }

    /// Returns an access token that `client` gets for `audiences` with the client credentials grant.
    func token(of client: Client, for audiences: [String]) throws -> String {
        let target = AudienceRequest(resources: [], audiences: audiences)
        return try issuer.clientCredentials(client: client, scope: nil, for: target).accessToken
    }

    /// Returns a copy of `accessToken` with the `aud` claim `audience`, signed again. If `audience` is `nil`, the copy
    /// has no `aud`.
    func copy(of accessToken: String, for audience: JSONValue?) throws -> String {
        var claims = try claims(of: accessToken)
        claims["aud"] = audience
        return try keyring.requireSigningKey(at: clock.now).signedToken(with: claims)
    }

    /// The `jti` of the access token.
    func tokenID(of tokens: IssuedTokens) throws -> String {
        try #require(try claims(of: tokens.accessToken)["jti"]?.string)
    }

    func claims(of accessToken: String) throws -> JSONObject {
        let payload = try #require(accessToken.split(separator: ".").dropFirst().first)
        return try JSONObject(parsing: try #require(Base64URL.decode(payload.utf8)))
    }
}

extension IssuerConfiguration {
    static func make(
        accessTokenLifetime: Duration = .seconds(900), refreshTokenIdleLifetime: Duration = .seconds(7 * 86_400),
        sessionLifetime: Duration = .seconds(90 * 86_400), reuseWindow: Duration = .seconds(30),
        loginAudiences: [String] = [], loginScopes: [String] = []
    ) -> IssuerConfiguration {
        IssuerConfiguration(
            identifier: "https://id.example.com", audience: "https://api.example.com",
            loginAudiences: loginAudiences, loginScopes: loginScopes, accessTokenLifetime: accessTokenLifetime,
            refreshTokenIdleLifetime: refreshTokenIdleLifetime,
            sessionLifetime: sessionLifetime, reuseWindow: reuseWindow)
    }
}

extension PasswordHashingCost {
    /// The lowest cost that Argon2 allows.
    static let cheap = PasswordHashingCost(passes: 1, kibibytes: 8)
}

/// A wall clock that a test sets.
final class WallClock: Sendable {
    /// The initial time of the clock. The value is arbitrary and includes a fraction of a second.
    static let start = Timestamp(milliseconds: 1_800_000_000_250)

    private let time = Mutex(start)

    var now: Timestamp { time.withLock { $0 } }

    func set(to newTime: Timestamp) { time.withLock { $0 = newTime } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// Expects `operation` to throw an ``IssuerError`` with `code`, and returns the error.
@discardableResult
func expect(
    _ code: IssuerError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    from operation: () async throws -> some Any
) async -> IssuerError? {
    do {
        let result = try await operation()
        Issue.record("expected \(code), got \(result)", sourceLocation: sourceLocation)
        return nil
    } catch let error as IssuerError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("expected \(code), got \(error)", sourceLocation: sourceLocation)
        return nil
    }
}
