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

    /// Looks up the token, user, session and client in the snapshot that `reader` reads.
    init(of token: VerifiedToken, in reader: any StoreReader, at now: Timestamp) throws {
        guard let subject = token.subject, let tokenID = token.tokenID, try !reader.isRevoked(tokenID: tokenID) else {
            self = .ended
            return
        }
        if let sessionID = token.sessionID {
            self = try Self.user(subject, session: sessionID, in: reader, at: now)
        } else if token.clientID == subject, let id = ClientID(subject), let client = try reader.client(id: id) {
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

    private static func user(
        _ subject: String, session: String, in reader: any StoreReader, at now: Timestamp
    ) throws -> TokenStatus {
        guard let userID = UserID(subject), let user = try reader.user(id: userID) else { return .userMissing }
        guard user.disabledAt == nil, let familyID = FamilyID(session),
            let family = try reader.family(id: familyID)?.applyingCutoff(of: user), family.userID == userID,
            family.isAlive(at: now)
        else { return .ended }
        return .user(user, family)
    }
}
