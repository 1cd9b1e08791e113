package import SignetStore

// The folder Audit writes and verifies the audit log. It does not know which operations cause events.

/// Writes events to the audit log.
///
/// There are two ways to write an event, because each write transaction costs a commit to disk:
/// - ``change(for:)`` writes an event in the transaction of the change that the event is about.
/// - ``buffer(_:)`` keeps a refused request or a replayed refresh token in memory. ``flush(everything:)`` later writes
///   equal events as one record per minute. A flood of refusals then costs a bounded number of commits, and a refusal
///   does not wait for the log.
package struct AuditTrail: Sendable {
    /// Maximum number of buffered events that one transaction writes.
    static let batchSize = 64

    let store: any Store
    let now: @Sendable () -> Timestamp
    private let buffered: BufferedEvents
    private let metrics: AuditMetrics

    package init(
        store: any Store, limits: AuditLimits = AuditLimits(), now: @escaping @Sendable () -> Timestamp,
        metrics: IssuerMetrics = .none
    ) {
        self.store = store
        self.now = now
        buffered = BufferedEvents(limits: limits)
        self.metrics = metrics.audit
    }

    /// The change that writes an event to the audit log. A decision returns it together with the change that the event
    /// is about.
    package func change(for event: AuditEvent) -> StoreChange {
        // The clock is read while the decision runs. The times of the records are then in the order of the log.
        AuditChain.change(for: event, at: now())
    }

    /// The change that records a successful event about a session.
    /// - Parameter actor: the actor of the event; `nil` means the user of the session.
    package func change(
        for type: AuditType, of family: FamilyRecord, by actor: AuditActor? = nil,
        from source: RequestSource = .unknown, reason: String = ""
    ) -> StoreChange {
        change(
            for: AuditEvent(
                type, by: actor ?? .user(family.userID), subject: family.userID, family: family.id, from: source,
                reason: reason))
    }

    /// The change that records a successful event about an account.
    /// - Parameter actor: the actor of the event; `nil` means the user of the account.
    package func change(
        for type: AuditType, of user: UserRecord, by actor: AuditActor? = nil, from source: RequestSource = .unknown,
        reason: String = ""
    ) -> StoreChange {
        change(
            for: AuditEvent(type, by: actor ?? .user(user.id), subject: user.id, from: source, reason: reason))
    }

    /// Keeps an event in memory until ``flush(everything:)`` writes it. Use it for events that changed nothing.
    ///
    /// A server flushes every second. A crash therefore loses first-time events from the last second and repeated
    /// events from the last minute.
    package func buffer(_ event: AuditEvent) {
        metrics.buffered(1)
        buffered.add(event, at: now())
    }

    /// Keeps the refusal of a request in memory as an audit event; see ``buffer(_:)``.
    /// - Parameter family: the session whose access token the caller sent; `nil` if the caller is anonymous.
    package func refused(
        _ type: AuditType, of user: UserID? = nil, in family: FamilyID? = nil, from source: RequestSource,
        reason: String
    ) {
        let actor: AuditActor = if let user, family != nil { .user(user) } else { .anonymous }
        buffer(
            AuditEvent(
                type, by: actor, subject: user, family: family, from: source, outcome: .refused, reason: reason))
    }

    /// Writes the buffered events that are due. The first of several equal events is due at once. The other events are
    /// combined into one record, which is due a minute after the first event was written.
    /// - Parameter everything: `true` also writes events that are not due yet. Use it when the process stops.
    /// - Returns: the number of records that were written.
    /// - Throws: `busy` if the store's queue of writes is full; `storeUnavailable` if the store fails. Events that were
    ///   not written are due again after at least a minute.
    @discardableResult
    package func flush(everything: Bool = false) async throws -> Int {
        var written = 0
        while true {
            let batch = buffered.take(at: now(), everything: everything, limit: Self.batchSize)
            guard !batch.isEmpty else { return written }
            do {
                try await IssuerError.translating {
                    try await store.write(
                        batch.map { AuditChain.change(for: $0.event, at: $0.first, count: $0.count) })
                }
            } catch {
                buffered.requeue(batch)
                throw error
            }
            metrics.wroteCoalesced(batch.count)
            written += batch.count
        }
    }

    /// Sequence number and hash of the newest audit record.
    /// - Throws: `storeUnavailable` if the store cannot be read.
    package func head() async throws -> AuditLink { try await state().head }

    /// Sets the metrics that show the size of the audit log.
    /// - Throws: `storeUnavailable` if the store cannot be read.
    package func measure() async throws { metrics.update(try await state()) }

    private func state() async throws -> AuditState {
        try await IssuerError.translating { try await store.auditPage(.after(0), limit: 0).state }
    }
}
