/// A store whose transactions run in this process, so that a closure can read and write in one.
///
/// The extension below implements all of ``Store`` with the two closures. The issuer uses ``Store`` alone, because a
/// store on another machine cannot run a closure inside its transaction.
package protocol LocalStore: Store {
    /// Runs `body` on one consistent snapshot. A read does not wait for writers.
    ///
    /// `body` must be short, because it blocks its thread. The reader is invalid after `body` has returned.
    /// - Throws: the error of `body`, or a ``StoreError``.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result

    /// Runs `body` in one atomic transaction, and returns after the commit is durable.
    ///
    /// If `body` throws, the store keeps none of its writes. A backend may run `body` again after a conflict, so `body`
    /// must have no effects other than its writes.
    /// - Throws: the error of `body`, or a ``StoreError``. If its code is ``StoreError/Code/outcomeUnknown``, the store
    ///   may or may not hold the write.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result
}

extension LocalStore {
    package func load(_ lookup: StoreLookup) async throws -> LoadedRecords {
        try read { try $0.records(of: lookup) }
    }

    package func loadAtHand(_ lookup: StoreLookup) throws -> LoadedRecords? {
        try read { try $0.records(of: lookup) }
    }

    package func write<Result: Sendable>(
        loading lookup: StoreLookup, known: LoadedRecords?,
        _ decide: @escaping @Sendable (LoadedRecords) throws -> StoreDecision<Result>
    ) async throws -> Result {
        // The transaction loads the records itself, so no other write can come between, and `known` is not needed.
        try await write { writer in
            var loaded = try writer.records(of: lookup)
            if lookup.needsStatusListIndex { loaded.statusListIndex = try writer.freeStatusListIndex() }
            let decision = try decide(loaded)
            for change in decision.changes { try writer.make(change) }
            return decision.result
        }
    }

    package func users(after cursor: UserID?, limit: Int) async throws -> [UserRecord] {
        try read { try $0.users(after: cursor, limit: limit) }
    }

    package func clients(after cursor: ClientID?, limit: Int) async throws -> [ClientRecord] {
        try read { try $0.clients(after: cursor, limit: limit) }
    }

    package func sessions(after cursor: FamilyID?, limit: Int) async throws -> [SessionRecords] {
        try read { reader in
            try reader.families(after: cursor, limit: limit).map { family in
                SessionRecords(family: family, user: try reader.user(id: family.userID))
            }
        }
    }

    package func statusListCount() async throws -> Int { try read { try $0.statusListCount() } }

    package func revokedStatusListEntries(
        of list: Int, after offset: Int?, limit: Int
    ) async throws -> [RevokedStatusListEntry] {
        try read { try $0.revokedStatusListEntries(of: list, after: offset, limit: limit) }
    }

    package func auditPage(_ selection: AuditSelection, limit: Int) async throws -> AuditPage {
        try read { reader in
            let entries =
                switch selection {
                case .after(let sequence): try reader.auditEntries(after: sequence, limit: limit)
                case .about(let user, let sequence):
                    try reader.auditEntries(of: user, before: sequence, limit: limit)
                case .during(let span, let sequence): try reader.auditEntries(in: span, before: sequence, limit: limit)
                }
            return AuditPage(entries: entries, state: try reader.auditState())
        }
    }

    package func auditExtent(at now: Timestamp) async throws -> AuditExtent {
        try read { AuditExtent(state: try $0.auditState(), oldest: try $0.oldestAuditTime(at: now)) }
    }

    package func sweep(at now: Timestamp, within limit: BatchLimit) async throws -> BatchProgress {
        try await write { writer in try limit.run { try writer.sweep(at: now, limit: $0) } }
    }

    package func trimAudit(
        _ trim: AuditTrim, within limit: BatchLimit,
        recording record: @escaping @Sendable (BatchProgress, _ anchor: AuditLink) -> [StoreChange]
    ) async throws -> BatchProgress {
        try await write { writer in
            let progress = try limit.run {
                try writer.trimAudit(before: trim.start, at: trim.time, downTo: trim.byteCount, limit: $0)
            }
            for change in record(progress, try writer.auditState().anchor) { try writer.make(change) }
            return progress
        }
    }
}
