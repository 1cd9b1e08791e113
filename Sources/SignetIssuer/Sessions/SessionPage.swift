package import SignetStore

/// A part of a user's sessions, in ascending order of id.
package struct SessionPage: Sendable, Hashable {
    package let sessions: [Session]
    /// The session whose access token asked for the page. Its entry may be on another page.
    package let currentID: FamilyID
    /// Where the next page begins; `nil` when this is the last.
    package let next: FamilyID?

    /// Records that one page looks through at most: sessions that are over stay in the store for a while.
    static let scanLimit = 1000
    private static let batchSize = 100

    /// Takes the living sessions after `cursor`, `limit` at most, and fewer when many that are over lie between.
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
