import SignetStore

/// A family and its user in one snapshot of the store.
struct FamilyAndUser: Hashable, Sendable {
    /// Revoked if the user's cutoff ended the session, even where the stored record is not marked yet.
    let family: FamilyRecord
    /// `nil` after the account was deleted.
    let user: UserRecord?

    init(_ family: FamilyRecord, in reader: any StoreReader) throws {
        user = try reader.user(id: family.userID)
        self.family = user.map(family.applyingCutoff(of:)) ?? family
    }

    /// Whether the user exists and is not disabled.
    var userIsActive: Bool { user.map { $0.disabledAt == nil } ?? false }
}

/// A refresh request, apart from its token.
struct RefreshRequest: Hashable, Sendable {
    /// Scope of the access token; `nil` for the family's whole scope.
    let scope: Scope?
    /// The authenticated client; `nil` for an anonymous caller.
    let clientID: ClientID?
    let source: RequestSource
    let time: Timestamp
}

/// A rotation decision with the family and user that it was made from.
struct RefreshDecision: Hashable, Sendable {
    var rotation: RotationDecision
    let subject: FamilyAndUser

    /// Decides, then checks client and scope.
    ///
    /// On reuse the scope is not checked: the family is revoked whatever was requested.
    /// - Parameter token: its tag was checked against this family.
    /// - Throws: `refreshTokenInvalid` for another client's family, `invalidScope` for more than the family's scope.
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

    /// The family whose tokens the caller receives, as it is after the decision; `nil` for none.
    var familyToServe: FamilyRecord? {
        switch rotation {
        case .rotate(let family), .recover(let family): family
        case .replay(let renewed): renewed ?? subject.family
        case .reuse, .refused: nil
        }
    }
}
