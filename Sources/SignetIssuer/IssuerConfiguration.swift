/// What an operator decides about an issuer. All times are exact to the second.
package struct IssuerConfiguration: Sendable {
    /// The `iss` claim of every token: the issuer identifier of RFC 8414, compared byte for byte.
    package var identifier: String
    /// The `aud` claim of access tokens, unless a client asks for another that it is allowed.
    package var audience: String
    /// Life of an access token. Default: 15 minutes.
    package var accessTokenLifetime: Duration
    /// How long a session lives without a refresh. Default: 7 days.
    package var refreshTokenIdleLifetime: Duration
    /// How long a session lives however often it is refreshed. Default: 90 days.
    package var sessionLifetime: Duration
    /// How long the refresh token that was exchanged last still yields its successor. Default: 30 seconds.
    package var reuseWindow: Duration
    /// Fewest Unicode scalars of a new password, 1…1024. Default: 8.
    package var passwordMinimumLength: Int
    /// How much the audit log keeps.
    package var audit: AuditLimits
    /// How long after its end a session may still be accepted by a verifier that checks status lists, 5 seconds to 1
    /// hour; `nil` leaves the `status` claim out of access tokens. Default: 15 seconds.
    package var statusListFreshness: Duration?

    package init(
        identifier: String, audience: String, accessTokenLifetime: Duration = .seconds(15 * 60),
        refreshTokenIdleLifetime: Duration = .seconds(7 * 86_400), sessionLifetime: Duration = .seconds(90 * 86_400),
        reuseWindow: Duration = .seconds(30), passwordMinimumLength: Int = 8, audit: AuditLimits = AuditLimits(),
        statusListFreshness: Duration? = .seconds(15)
    ) {
        self.identifier = identifier
        self.audience = audience
        self.accessTokenLifetime = accessTokenLifetime
        self.refreshTokenIdleLifetime = refreshTokenIdleLifetime
        self.sessionLifetime = sessionLifetime
        self.reuseWindow = reuseWindow
        self.passwordMinimumLength = passwordMinimumLength
        self.audit = audit
        self.statusListFreshness = statusListFreshness
    }
}
