/// The settings of an issuer. Durations are cut to whole seconds.
package struct IssuerConfiguration: Sendable {
    /// The issuer identifier of RFC 8414: the `iss` claim of every token, compared byte for byte.
    package var identifier: String
    /// The issuer's own audience: the `aud` claim of access tokens, unless the request names another audience.
    package var audience: String
    /// Audiences, beside the issuer's own, that a login may request. Default: none.
    package var loginAudiences: [String]
    /// Scope values, beside `account`, that a login may request. Default: none.
    package var loginScopes: [String]
    /// Lifetime of an access token. Default: 15 minutes.
    package var accessTokenLifetime: Duration
    /// Time until a session expires if it is not refreshed. Default: 7 days.
    package var refreshTokenIdleLifetime: Duration
    /// Time until a session expires even if it is refreshed. Default: 90 days.
    package var sessionLifetime: Duration
    /// Grace period in which the previous refresh token returns the current one. Default: 30 seconds.
    package var reuseWindow: Duration
    /// Minimum length of a new password in Unicode scalars, one of ``passwordMinimumLengths``. Default: 8.
    package var passwordMinimumLength: Int
    /// The values that ``passwordMinimumLength`` may have. A password with the largest minimum length fits into the
    /// maximum of 1024 bytes even if each character takes four bytes.
    package static let passwordMinimumLengths = 1...256
    /// Age and size limits of the audit log.
    package var audit: AuditLimits
    /// Maximum time from the end of a session until every verifier that reads status lists refuses its access tokens: 5
    /// seconds to 1 hour. `nil` turns status lists off: access tokens then have no `status` claim. Default: 15 seconds.
    package var statusListFreshness: Duration?

    package init(
        identifier: String, audience: String, loginAudiences: [String] = [], loginScopes: [String] = [],
        accessTokenLifetime: Duration = .seconds(15 * 60),
        refreshTokenIdleLifetime: Duration = .seconds(7 * 86_400), sessionLifetime: Duration = .seconds(90 * 86_400),
        reuseWindow: Duration = .seconds(30), passwordMinimumLength: Int = 8, audit: AuditLimits = AuditLimits(),
        statusListFreshness: Duration? = .seconds(15)
    ) {
        self.identifier = identifier
        self.audience = audience
        self.loginAudiences = loginAudiences
        self.loginScopes = loginScopes
        self.accessTokenLifetime = accessTokenLifetime
        self.refreshTokenIdleLifetime = refreshTokenIdleLifetime
        self.sessionLifetime = sessionLifetime
        self.reuseWindow = reuseWindow
        self.passwordMinimumLength = passwordMinimumLength
        self.audit = audit
        self.statusListFreshness = statusListFreshness
    }
}
