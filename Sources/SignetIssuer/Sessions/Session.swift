// A session is what users and operators see of a family (all refresh tokens of one login). The folder Sessions lists
// sessions, and marks the records of sessions that ended together. Refresh tokens are in the folder Families.

package import SignetStore

/// A session as its user and operators see it: one login with all its refreshes.
package struct Session: Sendable, Hashable {
    package enum State: String, Sendable {
        case alive
        /// The session reached its idle or absolute lifetime.
        case expired
        case revoked
    }

    /// The `sid` claim of the session's access tokens.
    package let id: FamilyID
    package let userID: UserID
    /// The device name that the app sent, or else the User-Agent. Empty if the login had neither.
    package let device: String
    package let createdAt: Timestamp
    package let createdAddress: String
    /// When the session was last refreshed, or when it began if it was never refreshed.
    package let lastUsedAt: Timestamp
    package let lastUsedAddress: String
    /// When the session expires if it is not refreshed again.
    package let expiresAt: Timestamp
    /// When the session was revoked; `nil` if it was not.
    package let revokedAt: Timestamp?
    /// How often the refresh token was replaced.
    package let generation: UInt32

    /// Takes the session from its record. The caller must have applied ``FamilyRecord/applyingCutoff(of:)``, which
    /// marks the record as revoked if all sessions of the user were ended at once.
    init(_ family: FamilyRecord) {
        id = family.id
        userID = family.userID
        device = family.device
        createdAt = family.createdAt
        createdAddress = family.createdAddress
        lastUsedAt = family.rotatedAt
        lastUsedAddress = family.lastUsedAddress
        expiresAt = family.removableAt
        revokedAt = family.revokedAt
        generation = family.generation
    }

    package func state(at now: Timestamp) -> State {
        if revokedAt != nil { return .revoked }
        return now < expiresAt ? .alive : .expired
    }
}

/// A page of a user's live sessions, in ascending order of id.
package struct SessionPage: Sendable, Hashable {
    package let sessions: [Session]
    /// The session of the request's access token. This session may be on another page.
    package let currentID: FamilyID
    /// The cursor of the next page; `nil` on the last page.
    package let next: FamilyID?

    /// Maximum number of session records that are read to fill one page. Ended sessions count too: they stay in the
    /// store until the background sweep removes them.
    static let scanLimit = 1000

    /// Makes a page of the live sessions that a search has found.
    /// - Parameter current: the session of the request's access token.
    init(of found: LiveFamilies?, current: FamilyID) {
        sessions = found?.families.map(Session.init) ?? []
        currentID = current
        next = found?.next
    }
}

extension UserRecord {
    /// Returns `true` if the user may have a live session other than `kept`.
    /// - Parameter found: the user's first live sessions, at least two if `kept` is not `nil`. If the search for them
    ///   ended at its limit, the result is `true`, because the sessions that were not read may be live.
    func mayHaveSession(except kept: FamilyID? = nil, in found: LiveFamilies?) -> Bool {
        guard let found, !hasEndedSessions(except: kept) else { return false }
        return found.next != nil || found.families.contains { $0.id != kept }
    }
}
