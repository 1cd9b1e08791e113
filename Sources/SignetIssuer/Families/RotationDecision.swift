// The folder Families decides what a refresh token does to its family. The decisions depend on records and times alone.
// The folder uses no store, no clock and no signing key.

package import SignetStore

/// The decision about a refresh request with a genuine token. A family is all refresh tokens that descend from one
/// login.
package enum RotationDecision: Hashable, Sendable {
    /// The caller sent the current token. Write this record, in which that token is the parent of a new current token.
    /// Answer with the new token.
    case rotate(FamilyRecord)
    /// The caller sent the previous token (the parent) within the reuse window. Answer with the current token again.
    /// Write the record if it is not `nil`: it restarts the reuse window.
    case replay(FamilyRecord?)
    /// The caller sent the previous token (the parent) after the reuse window, and the current token was never used.
    /// Write this record, in which a new token replaces the unused one. Answer with the new token.
    case recover(FamilyRecord)
    /// The caller sent a token older than the parent, or one that a recovery replaced. Two parties hold tokens of this
    /// family. Write this record, in which the family is revoked, and refuse the request.
    case reuse(FamilyRecord)
    /// Refuse the request and write nothing.
    case refused(Refusal)

    /// Why a genuine refresh token is refused, if the reason is not reuse.
    package enum Refusal: String, Sendable, CaseIterable {
        /// The family has reached its idle or absolute lifetime.
        case expired
        /// The family was revoked earlier.
        case revoked
        /// The user is disabled or deleted.
        case userNotActive
        /// The family has used all 2³² generations. The user must log in again.
        case exhausted
    }

    /// Decides about a refresh request from the records and times given.
    ///
    /// If the clock was set back to before the last rotation, the parent counts as within the reuse window. The next
    /// rotation writes times of the new clock. A wrong clock can therefore lengthen the reuse window. It cannot
    /// lengthen the absolute lifetime, because the login wrote the end of the family.
    /// - Parameters:
    ///   - generation: the generation in the refresh token, whose tag has already been checked.
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
            // Other requests with the same parent may still be running. A replay in the last two thirds of the reuse
            // window restarts the window. Otherwise a recovery could soon replace the token that this replay returns.
            let isEarly = now < family.rotatedAt + policy.reuseWindow / 3
            self = .replay(isEarly ? nil : Self.renewed(family, at: now, policy: policy))
        } else if let successor = Self.successor(of: family, parent: generation, at: now, policy: policy) {
            self = generation == family.generation ? .rotate(successor) : .recover(successor)
        } else {
            self = .refused(.exhausted)
        }
    }

    /// The family record to write. `nil` means that the family does not change.
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

    /// Returns this decision. If it rotates or recovers a family without a status list entry, the family gets an entry.
    /// - Parameter allocateIndex: allocates a status list index in the store. It is called only if the family needs
    ///   one.
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

    /// Returns the family with a reuse window that starts at `now`, because its current token was issued at `now`.
    private static func renewed(_ family: FamilyRecord, at now: Timestamp, policy: RotationPolicy) -> FamilyRecord {
        var record = family
        record.rotatedAt = now
        record.lastUsedAddress = policy.address
        if let end = record.statusListEntry?.tokensExpireAt {
            record.statusListEntry?.tokensExpireAt = max(end, policy.tokensEnd(after: now))
        }
        return record
    }

    /// Returns the family with its next generation, or `nil` if all generations are used up.
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
    /// How long after `rotatedAt` the previous refresh token still returns the current one. The end is exclusive.
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

    /// The latest possible expiry of an access token after a rotation at `now`. A replay at the end of the reuse window
    /// still issues an access token.
    package func tokensEnd(after now: Timestamp) -> Timestamp { now + reuseWindow + accessTokenLifetime }
}
