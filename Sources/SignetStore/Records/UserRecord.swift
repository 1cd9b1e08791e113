// Records: what the store keeps of each account, family, client, revoked token and audit event, as plain values. How
// they are stored is in `Encoding`. Only `SignetIssuer` and the stores use them; routes and commands see domain values.

/// One account.
package struct UserRecord: Sendable, Hashable {
    package let id: UserID
    /// The unique e-mail address: trimmed, in lower case, 1…254 bytes.
    package var email: String
    /// Display name, at most 100 characters.
    package var name: String
    /// The password's hash as a PHC string.
    package var passwordHash: String
    /// The values of the `roles` claim; empty if the user has no role.
    package var roles: [String]
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// When the account was disabled; `nil` while it is enabled. A disabled user cannot log in or refresh, and the
    /// user's tokens introspect as inactive.
    package var disabledAt: Timestamp?
    /// When the newest session began; `nil` before the first login.
    package var lastLoginAt: Timestamp?
    /// The last time that all sessions were ended at once; `nil` if that never happened. Apply it with
    /// ``FamilyRecord/applyingCutoff(of:)``.
    package var sessionCutoff: SessionCutoff?

    package init(
        id: UserID, email: String, name: String, passwordHash: String, roles: [String] = [], createdAt: Timestamp,
        updatedAt: Timestamp, disabledAt: Timestamp? = nil, lastLoginAt: Timestamp? = nil,
        sessionCutoff: SessionCutoff? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.passwordHash = passwordHash
        self.roles = roles
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.disabledAt = disabledAt
        self.lastLoginAt = lastLoginAt
        self.sessionCutoff = sessionCutoff
    }
}

package typealias UserID = RecordID<UserRecord>

/// The end of all sessions that a user had at one time, except one.
///
/// The cutoff is one field of the user's record, so it ends any number of sessions in one small write. The records of
/// the ended families may be updated later.
package struct SessionCutoff: Sendable, Hashable {
    /// Families that were created at this time or earlier have ended.
    package let time: Timestamp
    /// The one family that the cutoff does not end; `nil` if it ends all.
    package let exempt: FamilyID?
    package let reason: FamilyRecord.RevocationReason

    package init(time: Timestamp, exempt: FamilyID?, reason: FamilyRecord.RevocationReason) {
        self.time = time
        self.exempt = exempt
        self.reason = reason
    }

    /// Whether the cutoff ends `family`, which must belong to the same user.
    package func ends(_ family: FamilyRecord) -> Bool { family.createdAt <= time && family.id != exempt }
}

// MARK: - Sessions

extension UserRecord {
    /// Records a login in ``lastLoginAt``.
    /// - Returns: the new session's start: `now`, or 1 ms after the cutoff if a clock that was ahead made a later
    ///   cutoff.
    package mutating func beginSession(at now: Timestamp) -> Timestamp {
        let time = sessionCutoff.map { max(now, $0.time + .milliseconds(1)) } ?? now
        lastLoginAt = max(time, lastLoginAt ?? time)
        return time
    }

    /// Whether the cutoff has ended every session except `exempt`.
    package func hasEndedSessions(except exempt: FamilyID) -> Bool {
        guard let cutoff = sessionCutoff, let lastLoginAt else { return false }
        return lastLoginAt <= cutoff.time && (cutoff.exempt ?? exempt) == exempt
    }

    /// Ends every session of the user except `exempt`, by setting ``sessionCutoff``.
    package mutating func endSessions(
        except exempt: FamilyID? = nil, at now: Timestamp, because reason: FamilyRecord.RevocationReason
    ) {
        // If the clock has stepped back, the newest session began after `now` and must end as well.
        let time = max(now, lastLoginAt ?? now, sessionCutoff?.time ?? now)
        sessionCutoff = SessionCutoff(time: time, exempt: exempt, reason: reason)
    }
}

extension FamilyRecord {
    /// The family with its user's session cutoff applied: revoked if the cutoff ends it.
    ///
    /// Apply the cutoff before every check of ``isAlive(at:)``.
    package func applyingCutoff(of user: UserRecord) -> FamilyRecord {
        guard revokedAt == nil, let cutoff = user.sessionCutoff, cutoff.ends(self) else { return self }
        var family = self
        family.revokedAt = cutoff.time
        family.revocationReason = cutoff.reason
        return family
    }
}
