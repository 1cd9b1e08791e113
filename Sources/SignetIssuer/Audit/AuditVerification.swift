package import SignetStore

/// Walks the chain of audit records from its old end to its head, beside a running service.
///
/// The chain proves that the records lead to the head that the store names. That this head is the true one is proven
/// by one that was noted earlier, outside the store: nothing up to it was rewritten.
package struct AuditVerification: Sendable {
    /// What an intact log is.
    package struct Report: Sendable, Hashable {
        /// How many records were checked.
        package let count: UInt64
        /// The newest of them.
        package let head: AuditLink
        /// Whether the log leads from the noted head to this one; `nil` when it was trimmed beyond it, so that nobody
        /// can tell, or none was noted.
        package let provesNotedHead: Bool?
    }

    /// Records that are read at a time.
    static let batchSize = 512

    private let noted: AuditLink?
    /// Where the log began when the walk did.
    private let anchor: UInt64
    private var position: AuditLink
    private var count: UInt64 = 0
    /// What the checked records take, all from the old end on; `nil` once some were trimmed meanwhile.
    private var byteCount: UInt64? = 0
    private var isProven: Bool?

    private init(noted: AuditLink?, anchor: AuditLink) throws(AuditFinding) {
        self.noted = noted
        self.anchor = anchor.sequence
        position = anchor
        try compare()
    }

    /// Checks all records that there are when it begins.
    /// - Parameters:
    ///   - noted: a head that was noted earlier.
    ///   - progress: told now and then how many records were checked.
    /// - Throws: an ``AuditFinding``; an ``IssuerError`` (`storeUnavailable`) when the store cannot be read.
    package static func run(
        on store: any Store, noted: AuditLink? = nil, progress: (_ checked: UInt64) -> Void = { _ in }
    ) throws -> Report {
        let start = try read(store) { try $0.auditState() }
        if let noted, noted.sequence > start.head.sequence {
            throw AuditFinding(.truncated, at: noted.sequence)
        }
        var walk = try AuditVerification(noted: noted, anchor: start.anchor)
        // At least once: records without a head are to be found, too.
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

    /// Checks the next records of one snapshot, whose head they must lead to.
    private mutating func step(in reader: any StoreReader, towards end: UInt64) throws {
        let state = try reader.auditState()
        if state.anchor.sequence > position.sequence {
            // Trimmed meanwhile: what is gone cannot be checked, what is left continues from here.
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

    /// Looks for rows that belong to no record. That every record has its rows was seen on the way.
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

    /// Compares with the noted head, when this is its place.
    private mutating func compare() throws(AuditFinding) {
        guard let noted, noted.sequence == position.sequence else { return }
        guard noted.hash == position.hash else { throw AuditFinding(.otherHead, at: noted.sequence) }
        isProven = true
    }
}
