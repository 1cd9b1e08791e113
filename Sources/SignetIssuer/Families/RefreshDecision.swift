import SignetStore

/// A family (all refresh tokens of one login) and its user, read in one snapshot of the store.
struct FamilyAndUser: Hashable, Sendable {
    /// The record of the family (all refresh tokens of one login). If the family was ended together with other sessions
    /// of the user, this record is marked as revoked, even if the record in the store is not marked yet.
    let family: FamilyRecord
    /// The user of the family; `nil` if the account was deleted.
    let user: UserRecord?

    init(_ records: SessionRecords) {
        user = records.user
        family = records.user.map(records.family.applyingCutoff(of:)) ?? records.family
    }

    /// `true` if the user exists and is not disabled.
    var userIsActive: Bool { user.map { $0.disabledAt == nil } ?? false }
}

/// The parameters of a refresh request except the refresh token.
struct RefreshRequest: Hashable, Sendable {
    /// The requested scope of the access token; `nil` means the whole scope of the session.
    let scope: Scope?
    /// The requested audiences of the access token. A request without audiences means all audiences of the session.
    let target: AudienceRequest
    /// The authenticated client; `nil` for an anonymous caller.
    let clientID: ClientID?
    let source: RequestSource
    let time: Timestamp
}

/// What to do about a refresh request, for example rotate or refuse. Contains the family (all refresh tokens of one
/// login) and the user on which the decision is based.
struct RefreshDecision: Hashable, Sendable {
    var rotation: RotationDecision
    let subject: FamilyAndUser
    /// Audiences and scope of the access token; `nil` if the caller gets no tokens.
    let grant: LoginGrant?

    /// Decides about a refresh request, then checks the client, the scope and the audiences.
    ///
    /// If the use of an old token indicates theft (see ``RotationDecision/reuse(_:)``), the decision revokes the family
    /// (all refresh tokens of one login), and neither scope nor audiences are checked.
    /// - Parameters:
    ///   - token: a refresh token whose HMAC tag was already found genuine for this family.
    ///   - login: what the operator allows in tokens of logins now. It may be less than when the user logged in.
    /// - Throws: `refreshTokenInvalid` if the family belongs to another client; `invalidScope` or `invalidTarget` if
    ///   the request names more than the login granted and the operator still allows.
    init(
        presenting token: RefreshToken, to subject: FamilyAndUser, _ request: RefreshRequest, policy: RotationPolicy,
        login: LoginPolicy
    ) throws(IssuerError) {
        let family = subject.family
        rotation = RotationDecision(
            presenting: token.generation, to: family, userIsActive: subject.userIsActive, at: request.time,
            policy: policy)
        self.subject = subject
        guard family.clientID == nil || family.clientID == request.clientID else {
            throw IssuerError(.refreshTokenInvalid, "the refresh token was issued to another client")
        }
        let allowed = login.grant(of: family)
        if rotation.yieldsToken, allowed == nil { rotation = .refused(.grantWithdrawn) }
        grant = rotation.yieldsToken ? try allowed?.narrowed(to: request.scope, for: request.target) : nil
    }

    /// The family (all refresh tokens of one login) for which the caller gets new tokens; `nil` if the caller gets no
    /// tokens.
    var familyToServe: FamilyRecord? {
        switch rotation {
        case .rotate(let family), .recover(let family): family
        case .replay(let renewed): renewed ?? subject.family
        case .reuse, .refused: nil
        }
    }
}
