import SignetStore

/// A family (all refresh tokens of one login) and its user, read in one snapshot of the store.
struct FamilyAndUser: Hashable, Sendable {
    /// The record of the family (all refresh tokens of one login). If the family was ended together with other sessions
    /// of the user, this record is marked as revoked, even if the record in the store is not marked yet.
    let family: FamilyRecord
    /// The user of the family; `nil` if the account was deleted.
    let user: UserRecord?

    init(_ family: FamilyRecord, in reader: any StoreReader) throws {
        user = try reader.user(id: family.userID)
        self.family = user.map(family.applyingCutoff(of:)) ?? family
    }

    /// `true` if the user exists and is not disabled.
    var userIsActive: Bool { user.map { $0.disabledAt == nil } ?? false }
}

/// The parameters of a refresh request except the refresh token.
struct RefreshRequest: Hashable, Sendable {
    /// The requested scope of the access token; `nil` means the whole scope of the session.
    let scope: Scope?
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

    /// Decides about a refresh request, then checks the client and the scope.
    ///
    /// If the use of an old token indicates theft (see ``RotationDecision/reuse(_:)``), the decision revokes the family
    /// (all refresh tokens of one login), and the scope is not checked.
    /// - Parameter token: a refresh token whose HMAC tag was already found genuine for this family.
    /// - Throws: `refreshTokenInvalid` if the family belongs to another client; `invalidScope` if the requested scope
    ///   exceeds the family's scope.
    init(
        presenting token: RefreshToken, to subject: FamilyAndUser, _ request: RefreshRequest, policy: RotationPolicy
    ) throws(IssuerError) {
        let family = subject.family
        rotation = RotationDecision(
            presenting: token.generation, to: family, userIsActive: subject.userIsActive, at: request.time,
            policy: policy)
        self.subject = subject
        guard family.clientID == nil || family.clientID == request.clientID else {
            throw IssuerError(.refreshTokenInvalid, "the refresh token was issued to another client")
        }
        if rotation.yieldsToken, let scope = request.scope, !scope.isPart(of: family.scope) {
            throw IssuerError(.invalidScope, "scope: more than the login granted")
        }
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
