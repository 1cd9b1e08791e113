package import SignetStore
import Synchronization

/// Writes audit records.
///
/// An event that changes something is recorded in the transaction that changes it, with ``record(_:in:)`` or a shorter
/// form of it. What changes nothing, a refusal or a replay, is only noted, in memory and without waiting: ``flush()``
/// writes what was noted, alike ones folded into one record a minute. So a flood of refusals costs a bounded number of
/// commits, and the time of a refusal says nothing about what the log holds.
package struct AuditTrail: Sendable {
    /// Most records of what was noted that one transaction writes.
    static let batchSize = 64

    private let store: any Store
    let now: @Sendable () -> Timestamp
    private let noted: BufferedEvents
    private let metrics: AuditMetrics

    /// - Parameter now: the wall clock.
    package init(
        store: any Store, limits: AuditLimits = AuditLimits(), now: @escaping @Sendable () -> Timestamp,
        metrics: IssuerMetrics = .none
    ) {
        self.store = store
        self.now = now
        noted = BufferedEvents(limits: limits)
        self.metrics = metrics.audit
    }

    /// Records an event in the transaction that changes what it tells of.
    /// - Parameter count: how many alike it stands for, at least 1.
    package func record(_ event: AuditEvent, count: Int = 1, in writer: any StoreWriter) throws {
        try AuditChain.append(event, at: now(), count: UInt32(clamping: max(1, count)), in: writer)
    }

    /// Records what happened to a session.
    /// - Parameter actor: `nil` for the session's user.
    package func record(
        _ type: AuditType, of family: FamilyRecord, by actor: AuditActor? = nil, from source: RequestSource = .unknown,
        reason: String = "", in writer: any StoreWriter
    ) throws {
        let event = AuditEvent(
            type, by: actor ?? .user(family.userID), subject: family.userID, family: family.id, from: source,
            reason: reason)
        try record(event, in: writer)
    }

    /// Records what happened to an account.
    /// - Parameter actor: `nil` for the account's user.
    package func record(
        _ type: AuditType, of user: UserRecord, by actor: AuditActor? = nil, from source: RequestSource = .unknown,
        reason: String = "", in writer: any StoreWriter
    ) throws {
        let event = AuditEvent(type, by: actor ?? .user(user.id), subject: user.id, from: source, reason: reason)
        try record(event, in: writer)
    }

    /// Records what happened to signing keys. Their files are no part of a transaction: call it once they are changed.
    /// - Parameter kids: RFC 7638 thumbprints.
    /// - Throws: `busy`, `storeUnavailable`.
    package func recordKeys(_ kids: [String], _ type: AuditType, by actor: AuditActor = .issuer) async throws {
        try await IssuerError.translating {
            try await store.write { writer in
                for kid in kids { try record(AuditEvent(type, by: actor, object: kid), in: writer) }
            }
        }
    }

    /// Notes an event that changed nothing; it is written by the next ``flush()``, folded with those alike.
    ///
    /// Costs a lookup in memory. What a crash finds in memory is lost: a second's first refusals, a minute's repeated.
    package func note(_ event: AuditEvent) {
        metrics.noted(1)
        noted.add(event, at: now())
    }

    /// Notes that something was refused.
    /// - Parameter family: the session whose access token it was asked for with; `nil` for a caller that nobody knows.
    package func refused(
        _ type: AuditType, of user: UserID? = nil, in family: FamilyID? = nil, from source: RequestSource,
        reason: String
    ) {
        let actor: AuditActor = if let user, family != nil { .user(user) } else { .anonymous }
        note(
            AuditEvent(
                type, by: actor, subject: user, family: family, from: source, outcome: .refused, reason: reason))
    }

    /// Writes what was noted and is due.
    /// - Parameter everything: also what would be held back until its minute is over; for a stop.
    /// - Returns: how many records were written.
    /// - Throws: `busy`, `storeUnavailable`. What was not written is kept, and is due again a minute later.
    @discardableResult
    package func flush(everything: Bool = false) async throws -> Int {
        var written = 0
        while true {
            let batch = noted.take(at: now(), everything: everything, limit: Self.batchSize)
            guard !batch.isEmpty else { return written }
            do {
                try await IssuerError.translating {
                    try await store.write { writer in
                        for fold in batch {
                            try AuditChain.append(fold.event, at: fold.first, count: fold.count, in: writer)
                        }
                    }
                }
            } catch {
                noted.requeue(batch)
                throw error
            }
            metrics.wroteFolds(batch.count)
            written += batch.count
        }
    }

    /// The newest record's place in the chain.
    /// - Throws: `storeUnavailable`.
    package func head() throws -> AuditLink {
        try IssuerError.translating { try store.read { try $0.auditState().head } }
    }
    /// Measures what the log holds.
    /// - Throws: `storeUnavailable`.
    package func measure() throws {
        metrics.update(try IssuerError.translating { try store.read { try $0.auditState() } })
    }
}
