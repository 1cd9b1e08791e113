/// The type of an audit event. The store keeps the raw values: new cases may be added, but a raw value must never
/// change.
package enum AuditType: UInt16, Sendable, CaseIterable {
    /// A user registered an account.
    case registration = 1
    /// A login with a password succeeded or was refused.
    case login = 2
    /// A client repeated a refresh: it sent the previous refresh token within the reuse window, in which the issuer
    /// accepts that token.
    case refreshReplayed = 3
    /// A client sent the previous refresh token after the reuse window, the short time in which a refresh may be
    /// repeated. The issuer accepted the token, because no client had used the current refresh token yet.
    case refreshRecovered = 4
    /// A refresh token older than the previous one was used, so the issuer revoked the session.
    case refreshReused = 5
    case logout = 6
    case sessionRevoked = 7
    /// One access token was revoked individually.
    case tokenRevoked = 8
    case passwordChanged = 9
    /// A user deleted their own account.
    case accountDeleted = 10
    /// An operator created an account.
    case userCreated = 11
    case userDisabled = 12
    case userEnabled = 13
    /// An operator deleted an account.
    case userDeleted = 14
    case clientCreated = 15
    case clientDeleted = 16
    /// A client's authentication was refused. Successes are not recorded.
    case clientAuthentication = 17
    case keyGenerated = 18
    case keyActivated = 19
    case keyRetired = 20
    case keyRevoked = 21
    case keyImported = 22
    case keyPassphraseChanged = 23
    /// The oldest audit records were removed because of their age or the size of the log.
    case auditTrimmed = 24
    /// A refresh was refused because of the scope or the audience that it requested, or because the operator no longer
    /// allows what the login granted.
    case refreshRefused = 25

    /// The type's name in output, filters and documentation: `login`, `refresh_reused`, …
    package var code: String {
        switch self {
        case .registration: "registration"
        case .login: "login"
        case .refreshReplayed: "refresh_replayed"
        case .refreshRecovered: "refresh_recovered"
        case .refreshReused: "refresh_reused"
        case .logout: "logout"
        case .sessionRevoked: "session_revoked"
        case .tokenRevoked: "token_revoked"
        case .passwordChanged: "password_changed"
        case .accountDeleted: "account_deleted"
        case .userCreated: "user_created"
        case .userDisabled: "user_disabled"
        case .userEnabled: "user_enabled"
        case .userDeleted: "user_deleted"
        case .clientCreated: "client_created"
        case .clientDeleted: "client_deleted"
        case .clientAuthentication: "client_authentication"
        case .keyGenerated: "key_generated"
        case .keyActivated: "key_activated"
        case .keyRetired: "key_retired"
        case .keyRevoked: "key_revoked"
        case .keyImported: "key_imported"
        case .keyPassphraseChanged: "key_passphrase_changed"
        case .auditTrimmed: "audit_trimmed"
        case .refreshRefused: "refresh_refused"
        }
    }

    /// Finds the type whose ``code`` is `code`; `nil` if no type has this code.
    package init?(code: some StringProtocol) {
        guard let type = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = type
    }
}
