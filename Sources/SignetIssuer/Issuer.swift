import HTTPFetching
import JOSE
package import Logging
package import SignetKeyring
package import SignetStore
package import SignetVerifier

// The top folder of SignetIssuer holds `Issuer`. Its operations are in files `Issuer+X.swift`, one file for each topic.
// The operations use the other folders, and no other folder uses `Issuer`. Each folder uses only folders that come
// before it in this list: Requests, Metrics, Passwords, LoginThrottle, Audit, Sweeping, Clients, StatusLists, Tokens,
// Families, Sessions, Accounts. The folder Administration holds the operations of operators.

/// The identity service without its HTTP server. Each method is one operation for a user, an app or a service.
///
/// Methods throw an ``IssuerError``, or `CancellationError` if the calling task was cancelled while it waited.
package final class Issuer: Sendable {
    let configuration: IssuerConfiguration
    let store: any Store
    package let keyring: Keyring
    let passwords: PasswordHasher
    let now: @Sendable () -> Timestamp
    let logger: Logger
    package let metrics: IssuerMetrics
    let passwordRule: PasswordRule
    /// The audiences and the scope that a login may request.
    package let loginPolicy: LoginPolicy
    let accessTokens: AccessTokenMint
    let accessTokenCheck: AccessTokenCheck
    let loginThrottle = LoginThrottle()
    package let audit: AuditTrail
    /// Builds the status lists; `nil` if status lists are turned off.
    let statusLists: StatusListPublisher?

    /// Creates an issuer.
    /// - Parameter now: returns the time of the wall clock.
    /// - Throws: `ConfigurationError` if the configuration's identifier or audience is empty.
    package init(
        configuration: IssuerConfiguration, store: any Store, keyring: Keyring, passwords: PasswordHasher,
        now: @escaping @Sendable () -> Timestamp = Timestamp.system, logger: Logger, metrics: IssuerMetrics = .none
    ) throws(ConfigurationError) {
        self.configuration = configuration
        self.store = store
        self.keyring = keyring
        self.passwords = passwords
        self.now = now
        self.logger = logger
        self.metrics = metrics
        passwordRule = PasswordRule(minimumLength: configuration.passwordMinimumLength)
        loginPolicy = LoginPolicy(
            ownAudience: configuration.audience, audiences: configuration.loginAudiences,
            scopes: configuration.loginScopes)
        let location = StatusListLocation(issuer: configuration.identifier)
        accessTokens = AccessTokenMint(
            issuer: configuration.identifier, audience: configuration.audience,
            lifetime: configuration.accessTokenLifetime,
            statusLists: configuration.statusListFreshness == nil ? nil : location, keyring: keyring)
        accessTokenCheck = try AccessTokenCheck(
            issuer: configuration.identifier, audience: configuration.audience, keyring: keyring)
        audit = AuditTrail(store: store, limits: configuration.audit, now: now, metrics: metrics)
        statusLists = configuration.statusListFreshness.map { freshness in
            StatusListPublisher(
                store: store, keyring: keyring, location: location, policy: StatusListPolicy(freshness: freshness),
                now: now)
        }
    }

    /// Makes and checks refresh tokens with the HMAC keys that are valid now.
    var refreshTokens: RefreshTokenMint { RefreshTokenMint(secrets: keyring.refreshSecrets(at: now())) }
}

extension Issuer {
    /// The key set (JWKS) to publish now.
    package var publishedKeys: PublishedKeys { keyring.publishedKeys(at: now()) }

    /// Returns the status list to publish now. A verifier that caches it no longer than its `maxAge` sees a revocation
    /// within ``IssuerConfiguration/statusListFreshness``.
    /// - Parameter number: the last path component of the `uri` in the `status` claim.
    /// - Returns: `nil` if there is no list with this number, or if status lists are turned off.
    /// - Throws: `busy` or `storeUnavailable` if the store cannot be read or no key may sign; `internal` if signing
    ///   fails.
    package func statusList(_ number: Int) async throws -> PublishedStatusList? {
        try await IssuerError.translating { try await statusLists?.list(number) }
    }

    /// Returns the status list if its last build is newer than a fifth of
    /// ``IssuerConfiguration/statusListFreshness``; otherwise `nil`. This method never waits. On `nil`, call
    /// ``statusList(_:)``, which may wait for a build.
    package func builtStatusList(_ number: Int) -> PublishedStatusList? { statusLists?.built(number) }

    /// Checks that the issuer can serve requests: the store can be read and a signing key is active.
    ///
    /// The answer throws an ``IssuerError``: `busy` or `storeUnavailable` if the store cannot be read;
    /// `storeUnavailable` if no signing key is active.
    package func readinessInquiry(at now: Timestamp = .system()) -> Inquiry<Void> {
        // No user has this id, but the store must read its table of users to find out.
        Inquiry(of: store, loading: StoreLookup(user: .id(UserID(high: 0, low: 0)))) { [keyring] _ in
            guard keyring.signingKeyID(at: now) != nil else {
                throw IssuerError(.storeUnavailable, "the keyring has no active signing key")
            }
        }
    }
}
