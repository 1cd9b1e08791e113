extension UserRecord {
    /// Notes that a session begins.
    /// - Returns: when: `now`, or as much later as it takes not to fall under a cutoff that was made by a faster clock.
    package mutating func beginSession(at now: Timestamp) -> Timestamp {
        let time = sessionCutoff.map { max(now, $0.time + .milliseconds(1)) } ?? now
        lastLoginAt = max(time, lastLoginAt ?? time)
        return time
    }

    /// Whether the cutoff says of every session but `kept` that it is over.
    package func hasEndedSessions(except kept: FamilyID) -> Bool {
        guard let cutoff = sessionCutoff, let lastLoginAt else { return false }
        return lastLoginAt <= cutoff.time && (cutoff.kept ?? kept) == kept
    }

    /// Ends every session that the user has, except `kept`.
    ///
    /// A clock that steps back spares none: the cutoff is never before the last login.
    package mutating func endSessions(
        except kept: FamilyID? = nil, at now: Timestamp, because reason: FamilyRecord.RevocationReason
    ) {
        let time = max(now, lastLoginAt ?? now, sessionCutoff?.time ?? now)
        sessionCutoff = SessionCutoff(time: time, kept: kept, reason: reason)
    }
}

extension FamilyRecord {
    /// The family as it is once its user's cutoff is taken into account: revoked, where that says so.
    ///
    /// Whoever asks whether a family is alive asks this one.
    package func applyingCutoff(of user: UserRecord) -> FamilyRecord {
        guard revokedAt == nil, let cutoff = user.sessionCutoff, cutoff.ends(self) else { return self }
        var family = self
        family.revokedAt = cutoff.time
        family.revocationReason = cutoff.reason
        return family
    }
}
