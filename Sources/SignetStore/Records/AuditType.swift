/// What an audit record is about. Raw values are stored: never change one, add to them.
package enum AuditType: UInt16, Sendable, CaseIterable {
    /// An account was opened by the person it is for.
    case registration = 1
    /// A password was presented; a session began, or the outcome says why not.
    case login = 2
    /// The refresh token before the current one came again within the reuse window.
    case refreshReplayed = 3
    /// A client that never used its refresh token got another one for the one before.
    case refreshRecovered = 4
    /// A refresh token was in two hands; its session was revoked.
    case refreshReused = 5
    case logout = 6
    case sessionRevoked = 7
    /// One access token was revoked on its own.
    case tokenRevoked = 8
    case passwordChanged = 9
    /// An account was deleted by the person it was for.
    case accountDeleted = 10
    /// An account was opened by an operator.
    case userCreated = 11
    case userDisabled = 12
    case userEnabled = 13
    /// An account was deleted by an operator.
    case userDeleted = 14
    case clientCreated = 15
    case clientDeleted = 16
    /// A client presented its secret. Only refusals are recorded.
    case clientAuthentication = 17
    case keyGenerated = 18
    case keyActivated = 19
    case keyRetired = 20
    case keyRevoked = 21
    case keyImported = 22
    case keyPassphraseChanged = 23
    /// The oldest records were removed, by age or by size.
    case auditTrimmed = 24

    /// The name that people and scripts use: `login`, `refresh_reused`, …
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
        }
    }

    /// The type with this ``code``.
    package init?(code: some StringProtocol) {
        guard let type = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = type
    }
}
