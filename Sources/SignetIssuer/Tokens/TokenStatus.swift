import SignetStore
import SignetVerifier

/// What the store says about an access token that is good by itself.
enum TokenStatus {
    /// A user's token: session alive, user active.
    case user(UserRecord, FamilyRecord)
    /// A client's own token, and the client exists.
    case client(ClientRecord)
    /// The user does not exist any more.
    case userMissing
    /// Revoked on its own, or with its session, user or client.
    case ended

    /// Looks everything up in one snapshot.
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

    /// The user who calls, and the session that the call belongs to.
    /// - Throws: `tokenInvalid` for an ended session and for the token of a client, `userNotFound`.
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
