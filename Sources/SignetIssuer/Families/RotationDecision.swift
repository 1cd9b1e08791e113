// Families: what a refresh token is and what it does to its family. Decisions are functions of records and times: no store,
// no clock and no signing key enters this folder.

package import SignetStore

/// What a genuine refresh token does to its family.
package enum RotationDecision: Hashable, Sendable {
    /// The token is the current one. Write the record, in which the token has become the parent, and answer with the
    /// record's token.
    case rotate(FamilyRecord)
    /// The token is the parent, within the reuse window. Answer with the current token again. If there is a record, write
    /// it: its reuse window starts now.
    case replay(FamilyRecord?)
    /// The token is the parent, after the reuse window, and its child was never used. Write the record, in which a new
    /// child replaces the unused one, and answer with the record's token.
    case recover(FamilyRecord)
    /// The token is older than the parent or was replaced by a recovery: two parties hold tokens of this family. Write the
    /// record, which is revoked, and refuse.
    case reuse(FamilyRecord)
    /// Refuse and write nothing.
    case refused(Refusal)

    /// Why a genuine token is refused although it was not reused.
    package enum Refusal: String, Sendable, CaseIterable {
        /// The idle or the absolute lifetime is over.
        case expired
        /// The family was revoked earlier.
        case revoked
        /// The user is disabled or deleted.
        case userNotActive
        /// All 2³² generations are used up. The user has to log in again.
        case exhausted
    }

    /// Decides without reading a store or a clock.
    ///
    /// If the clock stepped back behind the last rotation, no time counts as passed: the parent is still within the reuse
    /// window, and the next rotation writes times of the new clock. A wrong clock can therefore lengthen the reuse window,
    /// but not the absolute lifetime, which was written at login.
    /// - Parameters:
    ///   - generation: the generation that the token names. The token's tag was checked.
    ///   - userIsActive: whether the family's user exists and is not disabled.
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
            // Other requests with the same parent may still be under way. A replay in the last two thirds of the window
            // restarts the window, so that the token in its answer is not replaced by a recovery right afterwards.
            let isEarly = now < family.rotatedAt + policy.reuseWindow / 3
            self = .replay(isEarly ? nil : Self.renewed(family, at: now, policy: policy))
        } else if let successor = Self.successor(of: family, parent: generation, at: now, policy: policy) {
            self = generation == family.generation ? .rotate(successor) : .recover(successor)
        } else {
            self = .refused(.exhausted)
        }
    }

    /// The family record to write; `nil` if the family does not change.
    package var record: FamilyRecord? {
        switch self {
        case .rotate(let record), .recover(let record), .reuse(let record): record
        case .replay(let record): record
        case .refused: nil
        }
    }

    /// Whether the caller receives tokens.
    package var yieldsToken: Bool {
        switch self {
        case .rotate, .replay, .recover: true
        case .reuse, .refused: false
        }
    }

    /// The same decision, with a status list entry for a rotated or recovered family that has none.
    /// - Parameter allocateIndex: allocates an index in the store; called only if the family needs one.
    package func withStatusListEntry(
        at now: Timestamp, policy: RotationPolicy, allocateIndex: () throws -> StatusListIndex
    ) throws -> Self {
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

    /// The family after its current token was handed out at `now`.
    private static func renewed(_ family: FamilyRecord, at now: Timestamp, policy: RotationPolicy) -> FamilyRecord {
        var record = family
        record.rotatedAt = now
        record.lastUsedAddress = policy.address
        if let end = record.statusListEntry?.tokensExpireAt {
            record.statusListEntry?.tokensExpireAt = max(end, policy.tokensEnd(after: now))
        }
        return record
    }

    /// The family in its next generation; `nil` if the generations are used up.
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
    /// How long the parent still returns its child, counted from the family's `rotatedAt`. The end is exclusive.
    package let reuseWindow: Duration
    /// How long the next refresh token lives if it is not used.
    package let idleLifetime: Duration
    /// The HMAC key of the next refresh token.
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

    /// The latest expiry of all access tokens that a rotation at `now` allows: the last replay comes at the end of the
    /// reuse window.
    package func tokensEnd(after now: Timestamp) -> Timestamp { now + reuseWindow + accessTokenLifetime }
}
