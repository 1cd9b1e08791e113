import SignetStore

/// A token family and its user, read in one snapshot of the store.
struct FamilyAndUser: Hashable, Sendable {
    /// The family. It counts as revoked if the user's session cutoff ends it, even if the stored record does not say so
    /// yet.
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
    /// Requested scope of the access token; `nil` means the family's whole scope.
    let scope: Scope?
    /// The authenticated client; `nil` for an anonymous caller.
    let clientID: ClientID?
    let source: RequestSource
    let time: Timestamp
}

/// A rotation decision, with the family and the user that it is based on.
struct RefreshDecision: Hashable, Sendable {
    var rotation: RotationDecision
    let subject: FamilyAndUser

    /// Decides about a refresh request, then checks the client and the scope.
    ///
    /// If the token was reused, the family is revoked and the scope is not checked.
    /// - Parameter token: a token whose tag was already checked against this family.
    /// - Throws: `refreshTokenInvalid` if the family belongs to another client; `invalidScope` if the scope exceeds the
    ///   family's scope.
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

    /// The family, after the decision, whose tokens the caller receives; `nil` if the caller receives none.
    var familyToServe: FamilyRecord? {
        switch rotation {
        case .rotate(let family), .recover(let family): family
        case .replay(let renewed): renewed ?? subject.family
        case .reuse, .refused: nil
        }
    }
}
