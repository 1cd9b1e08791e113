// The folder Records has the types of the stored records: accounts, families (sessions), clients, revoked tokens and
// audit events. The folder Encoding converts records to bytes. Only `SignetIssuer` and the stores use records.

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
    /// When the account was disabled; `nil` if it is enabled. A disabled user cannot log in or refresh, and
    /// introspection reports the user's tokens as inactive.
    package var disabledAt: Timestamp?
    /// When the newest session began; `nil` before the first login.
    package var lastLoginAt: Timestamp?
    /// The user's last session cutoff, which ended the sessions that were created at or before its time; `nil` if there
    /// was none. ``FamilyRecord/applyingCutoff(of:)`` applies the cutoff to a family (session).
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

/// A time up to which all sessions of a user have ended: every session that began at or before ``time``, except the
/// session ``exempt``.
///
/// The cutoff is one field of the user's record, so one small write ends any number of sessions. Later, the issuer
/// marks the records of these sessions as revoked, in batches. The issuer refuses a session that the cutoff has ended
/// even if the session's record is not marked yet.
package struct SessionCutoff: Sendable, Hashable {
    /// Families (sessions) that were created at this time or earlier have ended.
    package let time: Timestamp
    /// The one family (session) that the cutoff does not end; `nil` if the cutoff ends every family.
    package let exempt: FamilyID?
    package let reason: FamilyRecord.RevocationReason

    package init(time: Timestamp, exempt: FamilyID?, reason: FamilyRecord.RevocationReason) {
        self.time = time
        self.exempt = exempt
        self.reason = reason
    }

    /// Returns `true` if the cutoff ends `family`, which must belong to the same user.
    package func ends(_ family: FamilyRecord) -> Bool { family.createdAt <= time && family.id != exempt }
}

// MARK: - Sessions

extension UserRecord {
    /// Records a login in ``lastLoginAt``.
    /// - Returns: the start of the new session, usually `now`. If ``sessionCutoff`` has a time later than `now`,
    ///   because a clock was ahead, the session starts 1 ms after that time. Otherwise, the cutoff would end the new
    ///   session.
    package mutating func beginSession(at now: Timestamp) -> Timestamp {
        let time = sessionCutoff.map { max(now, $0.time + .milliseconds(1)) } ?? now
        lastLoginAt = max(time, lastLoginAt ?? time)
        return time
    }

    /// Returns `true` if the user's session cutoff has ended every session of the user except `exempt`.
    package func hasEndedSessions(except exempt: FamilyID?) -> Bool {
        guard let cutoff = sessionCutoff, let lastLoginAt else { return false }
        return lastLoginAt <= cutoff.time && (cutoff.exempt ?? exempt) == exempt
    }

    /// Ends every session of the user except `exempt`, by setting ``sessionCutoff``.
    package mutating func endSessions(
        except exempt: FamilyID? = nil, at now: Timestamp, because reason: FamilyRecord.RevocationReason
    ) {
        // If the clock was set back, the newest session may have begun later than `now`. The cutoff must end this
        // session too.
        let time = max(now, lastLoginAt ?? now, sessionCutoff?.time ?? now)
        sessionCutoff = SessionCutoff(time: time, exempt: exempt, reason: reason)
    }
}

extension FamilyRecord {
    /// Returns this family (session) with the `sessionCutoff` of its user applied. If the family began at or before the
    /// time of the cutoff and is not exempt, the result is marked as revoked.
    ///
    /// Call this before every call of ``isAlive(at:)``, which ignores the cutoff.
    package func applyingCutoff(of user: UserRecord) -> FamilyRecord {
        guard revokedAt == nil, let cutoff = user.sessionCutoff, cutoff.ends(self) else { return self }
        var family = self
        family.revokedAt = cutoff.time
        family.revocationReason = cutoff.reason
        return family
    }
}
