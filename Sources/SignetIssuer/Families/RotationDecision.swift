// The folder Families holds refresh tokens and the families that they belong to. A family is all refresh tokens of one
// login. The decisions about a refresh request depend on records and times alone, not on a store or a clock.

package import SignetStore

/// The decision about a refresh request with a genuine token. A family is all refresh tokens that descend from one
/// login.
package enum RotationDecision: Hashable, Sendable {
    /// The caller sent the current token. Write the associated record, in which a new token is current and the sent
    /// token is its parent (predecessor). Answer with the new token.
    case rotate(FamilyRecord)
    /// The caller sent the previous token (the parent) within the reuse window, the grace period after a rotation.
    /// Answer with the current token again. If the record is not `nil`, write the record: it restarts the reuse window.
    case replay(FamilyRecord?)
    /// The caller sent the previous token (the parent), and the current token was never used. The reuse window, in
    /// which the previous token still returns the current one, is over. Write the associated record, in which a new
    /// token replaces the unused one. Answer with the new token.
    case recover(FamilyRecord)
    /// The caller sent a token older than the previous one, or an unused token that ``recover(_:)`` replaced. A thief
    /// may have copied tokens of this session. Write the associated record, in which the session is revoked, and refuse
    /// the request.
    case reuse(FamilyRecord)
    /// Refuse the request and write nothing.
    case refused(Refusal)

    /// Why a genuine refresh token is refused. Suspected theft is a separate case, ``RotationDecision/reuse(_:)``.
    package enum Refusal: String, Sendable, CaseIterable {
        /// The session has reached its idle or absolute lifetime.
        case expired
        /// The session was revoked before this request.
        case revoked
        /// The user is disabled or deleted.
        case userNotActive
        /// The family's 32-bit rotation counter (generation) is used up. The user must log in again.
        case exhausted
        /// The operator no longer allows any audience, or any scope value, that the login granted.
        case grantWithdrawn
    }

    /// Decides about a refresh request from the records and times given.
    ///
    /// The previous token (the parent) is accepted for a short time after a rotation, the reuse window. If the clock is
    /// set back, the window lasts longer, but at most until the next rotation, which stores the time of the new clock.
    /// The end of the session does not move, because the login stored that time.
    /// - Parameters:
    ///   - generation: the rotation counter in the refresh token, whose tag has already been checked.
    ///   - userIsActive: `true` if the family's user exists and is not disabled.
    package init(
        presenting generation: UInt32, to family: FamilyRecord, userIsActive: Bool, at now: Timestamp,
        policy: RotationPolicy
    ) {
        if family.revokedAt != nil {
            self = .refused(.revoked)
        } else if !family.isAlive(at: now) {
            self = .refused(.expired)
        } else if generation != family.generation && generation != family.parent {
            self = .reuse(family.revoked(at: now, because: .reuse))
        } else if !userIsActive {
            self = .refused(.userNotActive)
        } else if generation == family.parent && now < family.rotatedAt + policy.reuseWindow {
            // The caller repeats a refresh, and may send further repeats with the same previous token. A repeat after
            // the reuse window would replace the token that this request returns. To prevent this, the request restarts
            // the window. In the first third of the window it does not, to save a write.
            let isEarly = now < family.rotatedAt + policy.reuseWindow / 3
            self = .replay(isEarly ? nil : Self.renewed(family, at: now, policy: policy))
        } else if let successor = Self.successor(of: family, parent: generation, at: now, policy: policy) {
            self = generation == family.generation ? .rotate(successor) : .recover(successor)
        } else {
            self = .refused(.exhausted)
        }
    }

    /// The record of the session (family) to write; `nil` if the session does not change.
    package var record: FamilyRecord? {
        switch self {
        case .rotate(let record), .recover(let record), .reuse(let record): record
        case .replay(let record): record
        case .refused: nil
        }
    }

    /// `true` if the caller receives tokens.
    package var yieldsToken: Bool {
        switch self {
        case .rotate, .replay, .recover: true
        case .reuse, .refused: false
        }
    }

    /// If the decision is ``rotate(_:)`` or ``recover(_:)`` and its record has no status list entry, returns the
    /// decision with a new entry in the record. Otherwise returns the decision unchanged.
    /// - Parameter allocateIndex: allocates a status list index in the store. It is called only for a new entry.
    package func withStatusListEntry(
        at now: Timestamp, policy: RotationPolicy, allocateIndex: () throws -> StatusListIndex
    ) rethrows -> Self {
        func withEntry(_ record: FamilyRecord) throws -> FamilyRecord {
            guard record.statusListEntry == nil else { return record }
            var record = record
            record.statusListEntry = StatusListEntry(
                index: try allocateIndex(), tokensExpireAt: policy.tokensEnd(after: now))
            return record
        }
        switch self {
        case .rotate(let record): return .rotate(try withEntry(record))
        case .recover(let record): return .recover(try withEntry(record))
        case .replay, .reuse, .refused: return self
        }
    }

    /// Returns `family` with a reuse window that starts at `now`. In this window the client may repeat a refresh.
    private static func renewed(_ family: FamilyRecord, at now: Timestamp, policy: RotationPolicy) -> FamilyRecord {
        var record = family
        record.rotatedAt = now
        record.lastUsedAddress = policy.address
        if let end = record.statusListEntry?.tokensExpireAt {
            record.statusListEntry?.tokensExpireAt = max(end, policy.tokensEnd(after: now))
        }
        return record
    }

    /// Returns `family` with the next value of its rotation counter; `nil` if the 32-bit counter is used up.
    private static func successor(
        of family: FamilyRecord, parent: UInt32, at now: Timestamp, policy: RotationPolicy
    ) -> FamilyRecord? {
        let (next, overflow) = family.generation.addingReportingOverflow(1)
        guard !overflow else { return nil }
        var record = family
        record.generation = next
        record.secretID = policy.secretID
        record.parent = parent
        record.idleExpiresAt = min(now + policy.idleLifetime, family.expiresAt)
        return renewed(record, at: now, policy: policy)
    }
}

/// The lifetimes and request details that a rotation needs beside the family and the time.
package struct RotationPolicy: Hashable, Sendable {
    /// Grace period after a rotation, in which a refresh with the previous refresh token returns the current one. The
    /// last instant of the period is excluded.
    package let reuseWindow: Duration
    /// How long the next refresh token lives if it is not used.
    package let idleLifetime: Duration
    /// Number of the HMAC key that makes the next refresh token.
    package let secretID: UInt8
    package let accessTokenLifetime: Duration
    /// Network address of the caller, at most 64 bytes.
    package let address: String

    package init(
        reuseWindow: Duration, idleLifetime: Duration, secretID: UInt8, accessTokenLifetime: Duration, address: String
    ) {
        self.reuseWindow = reuseWindow
        self.idleLifetime = idleLifetime
        self.secretID = secretID
        self.accessTokenLifetime = accessTokenLifetime
        self.address = address
    }

    /// The latest possible expiry of an access token if the reuse window starts at `now`. Until the window ends, the
    /// client may repeat the refresh and get another access token.
    package func tokensEnd(after now: Timestamp) -> Timestamp { now + reuseWindow + accessTokenLifetime }
}
