package import SignetStore

/// Checks the hash chain of the audit log, from the oldest record to the head (the newest record). Servers may run
/// during the check.
///
/// In an intact log, the hash of the newest record equals the head hash in the store. An attacker who can write to the
/// store could replace all records and the head hash together. To detect this, compare the log with a sequence number
/// and hash that an operator noted earlier outside the store.
package struct AuditVerification: Sendable {
    /// The result of the verification of an intact log.
    package struct Report: Sendable, Hashable {
        /// Number of records that were checked.
        package let count: UInt64
        /// Sequence number and hash of the newest record that was checked.
        package let head: AuditLink
        /// `true` if the log contains the record whose sequence number and hash an operator noted earlier. `nil` if the
        /// operator noted none, or if that record was trimmed.
        package let provesNotedHead: Bool?
    }

    /// Maximum number of audit records that one snapshot of the store checks.
    static let batchSize = 512

    private let noted: AuditLink?
    /// The sequence number of the newest trimmed record when the verification began; 0 if none was trimmed.
    private let anchor: UInt64
    private var position: AuditLink
    private var count: UInt64 = 0
    /// Size in bytes of the records that were checked so far. `nil` if the log was trimmed during the verification,
    /// because the total size then cannot be checked.
    private var byteCount: UInt64? = 0
    private var isProven: Bool?

    private init(noted: AuditLink?, anchor: AuditLink) throws(AuditFinding) {
        self.noted = noted
        self.anchor = anchor.sequence
        position = anchor
        try compare()
    }

    /// Checks all records that exist when the verification begins. If the store has indexes of the audit log
    /// (``AuditInspectableStore``), checks that they match the records.
    /// - Parameters:
    ///   - noted: the sequence number and hash that an operator noted earlier for a record; `nil` if there are none.
    ///   - progress: called after each batch with the number of records that were checked so far.
    /// - Throws: an ``AuditFinding`` for the first fault; an ``IssuerError`` (`storeUnavailable`) if the store cannot
    ///   be read.
    package static func run(
        on store: any Store, noted: AuditLink? = nil, progress: (_ checked: UInt64) async -> Void = { _ in }
    ) async throws -> Report {
        let start = try await IssuerError.translating { try await store.auditPage(.after(0), limit: 0).state }
        if let noted, noted.sequence > start.head.sequence {
            throw AuditFinding(.truncated, at: noted.sequence)
        }
        var walk = try AuditVerification(noted: noted, anchor: start.anchor)
        // Check one batch even if the stored state says that the log is empty, because the state may be wrong.
        var isComplete = false
        while !isComplete {
            isComplete = try await walk.step(in: store, towards: start.head.sequence)
            await progress(walk.count)
        }
        if let store = store as? any AuditInspectableStore {
            for table in AuditTable.allCases { try walk.checkRows(of: table, in: store) }
        }
        return Report(count: walk.count, head: walk.position, provesNotedHead: walk.isProven)
    }

    /// Checks the next batch of records on one snapshot of the store.
    /// - Parameter end: the sequence number of the newest record to check.
    /// - Returns: `true` if all records up to `end` have been checked.
    private mutating func step(in store: any Store, towards end: UInt64) async throws -> Bool {
        if let store = store as? any AuditInspectableStore {
            return try Self.inspect(store) { inspector in
                try step(
                    with: inspector.auditState(), inspector, towards: end, inspector.auditEntries(after:limit:))
            }
        }
        // One record more than a batch shows whether the log goes on.
        let last = position.sequence
        let page = try await IssuerError.translating {
            try await store.auditPage(.after(last), limit: Self.batchSize + 1)
        }
        return try step(with: page.state, nil, towards: end) { start, limit in
            Array(page.entries.drop { $0.sequence <= start }.prefix(limit))
        }
    }

    private static func inspect<Result>(
        _ store: any AuditInspectableStore, _ body: (any AuditInspector) throws -> Result
    ) throws -> Result {
        do {
            return try store.inspectAudit(body)
        } catch let finding as AuditFinding {
            throw finding
        } catch {
            return try IssuerError.translating { throw error }
        }
    }

    /// Checks the next batch of records.
    /// - Parameters:
    ///   - state: the state of the log.
    ///   - inspector: checks the indexes; `nil` if the store has none.
    ///   - end: the sequence number of the newest record to check.
    ///   - read: returns the records after a sequence number, up to a limit.
    /// - Returns: `true` if all records up to `end` have been checked.
    private mutating func step(
        with state: AuditState, _ inspector: (any AuditInspector)?, towards end: UInt64,
        _ read: (_ sequence: UInt64, _ limit: Int) throws -> [AuditEntry]
    ) throws -> Bool {
        if state.anchor.sequence > position.sequence {
            // The log was trimmed beyond the last checked record. The check continues after the newest trimmed record
            // (the anchor).
            position = state.anchor
            try compare()
        }
        if state.anchor.sequence > anchor { byteCount = nil }
        let entries = try read(position.sequence, Self.batchSize)
        for entry in entries { try check(entry, with: inspector, state: state) }
        if entries.count < Self.batchSize {
            guard position.sequence == state.head.sequence else {
                throw AuditFinding(.truncated, at: position.sequence + 1)
            }
        }
        guard position.sequence >= end else { return false }
        if let beyond = try read(state.head.sequence, 1).first {
            throw AuditFinding(.added, at: beyond.sequence)
        }
        if inspector != nil, position.sequence == state.head.sequence, let byteCount, byteCount != state.byteCount {
            throw AuditFinding(.wrongSize, at: position.sequence)
        }
        return true
    }

    /// Throws a finding if a row of the table belongs to no audit record. ``check(_:with:state:)`` finds audit records
    /// without index rows.
    private func checkRows(of table: AuditTable, in store: any AuditInspectableStore) throws {
        var cursor: [UInt8]? = []
        while let start = cursor {
            cursor = try Self.inspect(store) { inspector in
                let (isFound, next) = try inspector.strayAuditRow(in: table, after: start, limit: Self.batchSize)
                guard !isFound else { throw AuditFinding(.stray, at: position.sequence) }
                return next
            }
        }
    }

    private mutating func check(
        _ entry: AuditEntry, with inspector: (any AuditInspector)?, state: AuditState
    ) throws {
        guard entry.sequence == position.sequence + 1 else { throw AuditFinding(.missing, at: position.sequence + 1) }
        guard entry.sequence <= state.head.sequence else { throw AuditFinding(.added, at: entry.sequence) }
        let record: AuditRecord
        do {
            record = try entry.record()
        } catch  where error.code == .corrupt {
            throw AuditFinding(.damaged, at: entry.sequence)
        }
        guard record.previousHash == position.hash else { throw AuditFinding(.changed, at: entry.sequence) }
        position = AuditLink(sequence: entry.sequence, hash: AuditChain.hash(of: entry))
        if entry.sequence == state.head.sequence {
            guard position.hash == state.head.hash else { throw AuditFinding(.changed, at: entry.sequence) }
        }
        if let inspector {
            guard try inspector.isIndexed(record) else { throw AuditFinding(.notIndexed, at: entry.sequence) }
            if let before = byteCount { byteCount = try before + inspector.auditByteCount(of: entry) }
        }
        count += 1
        try compare()
    }

    /// If the last checked record has the sequence number that an operator noted earlier, checks that the record also
    /// has the noted hash.
    private mutating func compare() throws(AuditFinding) {
        guard let noted, noted.sequence == position.sequence else { return }
        guard noted.hash == position.hash else { throw AuditFinding(.otherHead, at: noted.sequence) }
        isProven = true
    }
}

/// A fault in the audit log: the log was tampered with, or damaged.
package struct AuditFinding: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault. Scripts may depend on the raw values: never change one.
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes of a record cannot be decoded.
        case damaged
        case missing
        /// A record does not match the hash in the next one: one of the two was changed or replaced.
        case changed
        /// The newest records are missing.
        case truncated
        /// A record follows the head of the log. The head is the newest record that Signet wrote, so another program
        /// added the record.
        case added
        /// A record has no row in the index by account or by time.
        case notIndexed
        /// A table row belongs to no audit record.
        case stray
        /// The stored size of the log, which controls trimming, does not match the records.
        case wrongSize
        /// A record does not have the hash that an operator noted for it earlier: the log was rewritten.
        case otherHead
    }

    package let code: Code
    /// The sequence number of the faulty or missing record. If the fault belongs to no single record, the sequence
    /// number of the newest record.
    package let sequence: UInt64

    package init(_ code: Code, at sequence: UInt64) {
        self.code = code
        self.sequence = sequence
    }

    package var description: String {
        switch code {
        case .damaged: "record \(sequence) is damaged and cannot be decoded"
        case .missing: "record \(sequence) is missing"
        case .changed: "record \(sequence) does not continue the record before it: one of the two was changed or moved"
        case .truncated: "the newest records, from \(sequence) on, are missing"
        case .added: "record \(sequence) lies beyond the head of the log: it was added without Signet"
        case .notIndexed: "record \(sequence) is missing from the index by account or by time: an index was changed"
        case .stray: "a row that belongs to no record was added to the log or to one of its indexes"
        case .wrongSize: "the stored size of the log does not match its records: the size was changed"
        case .otherHead: "record \(sequence) does not have the noted hash: the log was rewritten"
        }
    }
}
