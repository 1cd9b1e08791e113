package import SignetStore

/// What presenting a genuine refresh token does to its family: the whole table of outcomes, without a store or a clock.
package enum RotationDecision: Hashable, Sendable {
    /// The current token: it becomes the parent of the next one. Write the record, hand out its token.
    case rotate(FamilyRecord)
    /// The parent within the reuse window: the same current token once more. Write the record, if there is one: its
    /// window begins anew.
    case replay(FamilyRecord?)
    /// The parent after the window, its child never used: a new child takes the unused one's place. Write the record,
    /// hand out its token.
    case recover(FamilyRecord)
    /// Any other token of the family has been in two hands. Write the record, which is revoked; hand out nothing.
    case reuse(FamilyRecord)
    /// No token, nothing to write.
    case refused(Refusal)

    /// Why a genuine token yields nothing although it was not misused.
    package enum Refusal: String, Sendable, CaseIterable {
        /// The idle or the absolute lifetime is over.
        case expired
        /// The family was revoked before.
        case revoked
        /// The user is disabled or gone.
        case userNotActive
        /// All 2³² generations are used up; only a login helps.
        case exhausted
    }

    /// Decides.
    ///
    /// Whoever replays may have been overtaken by others with the same parent, whose requests are still under way. A replay
    /// in the last two thirds of the window therefore begins it anew: nobody gets the current token shortly before the
    /// parent replaces it.
    ///
    /// A clock that steps back counts as no time having passed: a parent stays within the window, nobody is logged
    /// out, and the next rotation writes times by the new clock. A clock can therefore lengthen the reuse window, and
    /// never the absolute lifetime written at login.
    /// - Parameters:
    ///   - generation: what the token names; its tag has been checked.
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
            let isEarly = now < family.rotatedAt + policy.reuseWindow / 3
            self = .replay(isEarly ? nil : Self.renewed(family, at: now, policy: policy))
        } else if let successor = Self.successor(of: family, parent: generation, at: now, policy: policy) {
            self = generation == family.generation ? .rotate(successor) : .recover(successor)
        } else {
            self = .refused(.exhausted)
        }
    }

    /// What is to be written; `nil` when the family stays as it is.
    package var record: FamilyRecord? {
        switch self {
        case .rotate(let record), .recover(let record), .reuse(let record): record
        case .replay(let record): record
        case .refused: nil
        }
    }

    /// Whether the caller gets tokens.
    package var yieldsToken: Bool {
        switch self {
        case .rotate, .replay, .recover: true
        case .reuse, .refused: false
        }
    }

    /// The same decision with a place in the status lists for a family that goes on without one.
    /// - Parameter take: takes an index; called only when one is needed.
    package func placed(
        at now: Timestamp, policy: RotationPolicy, take: () throws -> StatusListIndex
    ) throws -> Self {
        func placed(_ record: FamilyRecord) throws -> FamilyRecord {
            guard record.statusListEntry == nil else { return record }
            var record = record
            record.statusListEntry = StatusListEntry(index: try take(), tokensExpireAt: policy.tokensEnd(after: now))
            return record
        }
        switch self {
        case .rotate(let record): return .rotate(try placed(record))
        case .recover(let record): return .recover(try placed(record))
        case .replay, .reuse, .refused: return self
        }
    }

    /// The family as of handing out its current token at `now`.
    private static func renewed(_ family: FamilyRecord, at now: Timestamp, policy: RotationPolicy) -> FamilyRecord {
        var record = family
        record.rotatedAt = now
        record.lastUsedAddress = policy.address
        if let end = record.statusListEntry?.tokensExpireAt {
            record.statusListEntry?.tokensExpireAt = max(end, policy.tokensEnd(after: now))
        }
        return record
    }

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
