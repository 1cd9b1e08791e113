// Sessions: families as their users and operators see them, and the cutoff that ends many at once. Refresh tokens belong to
// Families.

package import SignetStore

/// A session as its user and operators see it: everything that descends from one login.
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
    /// The device name that the app sent, else the User-Agent; empty if the login carried neither.
    package let device: String
    package let createdAt: Timestamp
    package let createdAddress: String
    /// The time of the last refresh, or of the login.
    package let lastUsedAt: Timestamp
    package let lastUsedAddress: String
    /// When the session expires if it is not refreshed again.
    package let expiresAt: Timestamp
    /// `nil` for a session that was not revoked.
    package let revokedAt: Timestamp?
    /// How often the refresh token was replaced.
    package let generation: UInt32

    /// - Parameter family: with its user's session cutoff applied; see ``FamilyRecord/applyingCutoff(of:)``.
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
    /// The session of the request. It may be on another page.
    package let currentID: FamilyID
    /// The cursor of the next page; `nil` on the last page.
    package let next: FamilyID?

    /// Most records that one page reads. Ended sessions stay in the store until the sweeper removes them.
    static let scanLimit = 1000
    private static let batchSize = 100

    /// Reads the live sessions after `cursor`.
    /// - Parameters:
    ///   - current: the session of the request.
    ///   - limit: most sessions of the page. A page has fewer if ``scanLimit`` is reached first.
    init(
        of user: UserRecord, current: FamilyID, after cursor: FamilyID?, limit: Int, in reader: any StoreReader,
        at now: Timestamp
    ) throws {
        var sessions: [Session] = []
        var position = cursor
        var scanned = 0
        while true {
            let batch = try reader.families(of: user.id, after: position, limit: Self.batchSize)
            for family in batch where family.applyingCutoff(of: user).isAlive(at: now) {
                guard sessions.count < limit else {
                    self.init(sessions: sessions, currentID: current, next: sessions.last?.id)
                    return
                }
                sessions.append(Session(family))
            }
            scanned += batch.count
            position = batch.count < Self.batchSize ? nil : batch.last?.id
            if position == nil || scanned >= Self.scanLimit { break }
        }
        self.init(sessions: sessions, currentID: current, next: position)
    }

    private init(sessions: [Session], currentID: FamilyID, next: FamilyID?) {
        self.sessions = sessions
        self.currentID = currentID
        self.next = next
    }
}
