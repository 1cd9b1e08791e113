package import SignetStore

/// Checks the hash chain of the audit log, from the oldest record to the head, while a server may be running.
///
/// The chain proves that the records lead to the newest hash in the store. It does not prove that nobody rewrote both.
/// For that, compare the log with a head that an operator noted earlier outside the store.
package struct AuditVerification: Sendable {
    /// The result of the verification of an intact log.
    package struct Report: Sendable, Hashable {
        /// Number of records that were checked.
        package let count: UInt64
        /// Sequence number and hash of the newest record that was checked.
        package let head: AuditLink
        /// `true` if the log contains the head that an operator noted. `nil` if no head was noted, or if its record was
        /// trimmed.
        package let provesNotedHead: Bool?
    }

    /// Number of records that are read in one snapshot.
    static let batchSize = 512

    private let noted: AuditLink?
    /// The sequence number of the last trimmed record when the verification began.
    private let anchor: UInt64
    private var position: AuditLink
    private var count: UInt64 = 0
    /// Size of the records that were checked; `nil` if the log was trimmed during the verification.
    private var byteCount: UInt64? = 0
    private var isProven: Bool?

    private init(noted: AuditLink?, anchor: AuditLink) throws(AuditFinding) {
        self.noted = noted
        self.anchor = anchor.sequence
        position = anchor
        try compare()
    }

    /// Checks all records that exist when the verification begins.
    /// - Parameters:
    ///   - noted: a head that an operator noted earlier.
    ///   - progress: called after each batch with the number of records that were checked so far.
    /// - Throws: an ``AuditFinding``; an ``IssuerError`` (`storeUnavailable`) if the store cannot be read.
    package static func run(
        on store: any Store, noted: AuditLink? = nil, progress: (_ checked: UInt64) -> Void = { _ in }
    ) throws -> Report {
        let start = try read(store) { try $0.auditState() }
        if let noted, noted.sequence > start.head.sequence {
            throw AuditFinding(.truncated, at: noted.sequence)
        }
        var walk = try AuditVerification(noted: noted, anchor: start.anchor)
        // The loop runs at least once, because a log whose head says that it is empty may still hold records.
        repeat {
            try read(store) { try walk.step(in: $0, towards: start.head.sequence) }
            progress(walk.count)
        } while walk.position.sequence < start.head.sequence
        for table in AuditTable.allCases { try walk.checkRows(of: table, in: store) }
        return Report(count: walk.count, head: walk.position, provesNotedHead: walk.isProven)
    }

    private static func read<Result>(_ store: any Store, _ body: (any StoreReader) throws -> Result) throws -> Result {
        do {
            return try store.read(body)
        } catch let finding as AuditFinding {
            throw finding
        } catch {
            return try IssuerError.translating { throw error }
        }
    }

    /// Checks the next batch of records in one snapshot.
    /// - Parameter end: the newest record to check.
    private mutating func step(in reader: any StoreReader, towards end: UInt64) throws {
        let state = try reader.auditState()
        if state.anchor.sequence > position.sequence {
            // The log was trimmed during the verification. The remaining records continue from the new anchor.
            position = state.anchor
            try compare()
        }
        if state.anchor.sequence > anchor { byteCount = nil }
        let entries = try reader.auditEntries(after: position.sequence, limit: Self.batchSize)
        for entry in entries { try check(entry, in: reader, state: state) }
        if entries.count < Self.batchSize {
            guard position.sequence == state.head.sequence else {
                throw AuditFinding(.truncated, at: position.sequence + 1)
            }
        }
        guard position.sequence >= end else { return }
        if let beyond = try reader.auditEntries(after: state.head.sequence, limit: 1).first {
            throw AuditFinding(.added, at: beyond.sequence)
        }
        guard position.sequence == state.head.sequence, let byteCount, byteCount != state.byteCount else { return }
        throw AuditFinding(.wrongSize, at: position.sequence)
    }

    /// Looks for index rows and records that do not belong to the chain. ``check(_:in:state:)`` looks for missing index
    /// rows.
    private func checkRows(of table: AuditTable, in store: any Store) throws {
        var cursor: [UInt8]? = []
        while let start = cursor {
            cursor = try Self.read(store) { reader in
                let (isFound, next) = try reader.strayAuditRow(in: table, after: start, limit: Self.batchSize)
                guard !isFound else { throw AuditFinding(.stray, at: position.sequence) }
                return next
            }
        }
    }

    private mutating func check(_ entry: AuditEntry, in reader: any StoreReader, state: AuditState) throws {
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
        guard try reader.isIndexed(record) else { throw AuditFinding(.notIndexed, at: entry.sequence) }
        count += 1
        if let before = byteCount { byteCount = try before + reader.auditByteCount(of: entry) }
        try compare()
    }

    /// If the current record has the sequence number of the noted head, compares the two hashes.
    private mutating func compare() throws(AuditFinding) {
        guard let noted, noted.sequence == position.sequence else { return }
        guard noted.hash == position.hash else { throw AuditFinding(.otherHead, at: noted.sequence) }
        isProven = true
    }
}

/// A fault in the audit log: the log was tampered with, or damaged.
package struct AuditFinding: Error, Hashable, Sendable, CustomStringConvertible {
    /// Scripts may switch on the raw values: never change one.
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes of a record cannot be decoded.
        case damaged
        case missing
        /// A record does not match the hash in the next one: one of the two was changed or replaced.
        case changed
        /// The newest records are missing.
        case truncated
        /// A record lies beyond the head of the log.
        case added
        /// A record has no row in the index by account or by time.
        case notIndexed
        /// A row of the log or of an index belongs to no record.
        case stray
        /// The stored size of the log, which controls trimming, does not match the records.
        case wrongSize
        /// The log does not contain the head that an operator noted: the log was rewritten.
        case otherHead
    }

    package let code: Code
    /// The record with the fault. If the fault belongs to no single record, the newest record.
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
