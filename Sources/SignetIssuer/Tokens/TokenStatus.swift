import SignetStore
import SignetVerifier

/// The status of an access token whose signature and claims were verified before. The status comes from the store.
enum TokenStatus {
    /// A live token of a user. The user is enabled and the session is live.
    case user(UserRecord, FamilyRecord)
    /// A live token that a client got for itself. The client has not been deleted.
    case client(ClientRecord)
    /// The token's user was deleted.
    case userMissing
    /// The token was revoked, its session has ended, its user is disabled, or its client was deleted.
    case ended

    /// What to load to find the status of `token`; `nil` if the token has no `sub` or no `jti`. The status is then
    /// ``ended``.
    static func key(of token: VerifiedToken) -> TokenKey? {
        guard let subject = token.subject, let tokenID = token.tokenID else { return nil }
        let holder: TokenKey.Holder? =
            if let sessionID = token.sessionID {
                UserID(subject).map { .user($0, session: FamilyID(sessionID)) }
            } else if token.clientID == subject {
                ClientID(subject).map { .client($0) }
            } else {
                nil
            }
        return TokenKey(tokenID: tokenID, holder: holder)
    }

    /// Decides about `token` with the records that the store loaded for ``key(of:)``.
    init(of token: VerifiedToken, with records: TokenRecords?, at now: Timestamp) {
        guard let records, !records.isRevoked else {
            self = .ended
            return
        }
        if token.sessionID != nil {
            self = Self.user(of: records, at: now)
        } else if let client = records.client {
            self = .client(client)
        } else {
            self = .ended
        }
    }

    /// The user and the session of the access token.
    /// - Throws: `userNotFound` if the user was deleted; `tokenInvalid` if the token was revoked, if the session has
    ///   ended, if the user is disabled, or if the token belongs to a client.
    var caller: (user: UserRecord, family: FamilyRecord) {
        get throws(IssuerError) {
            switch self {
            case .user(let user, let family): return (user, family)
            case .userMissing: throw IssuerError(.userNotFound, "sub: no such user")
            case .client: throw IssuerError(.tokenInvalid, "sub: a client, expected a user")
            case .ended: throw IssuerError(.tokenInvalid, "the token or its session was revoked")
            }
        }
    }

    private static func user(of records: TokenRecords, at now: Timestamp) -> TokenStatus {
        guard let user = records.user else { return .userMissing }
        guard user.disabledAt == nil, let family = records.family?.applyingCutoff(of: user), family.userID == user.id,
            family.isAlive(at: now)
        else { return .ended }
        return .user(user, family)
    }
}
