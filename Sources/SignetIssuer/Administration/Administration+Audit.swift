package import SignetStore

extension Administration {
    /// Which audit records are wanted.
    package struct AuditQuery: Sendable, Hashable {
        /// Of this account only.
        package var subject: UserID?
        package var span: ClosedRange<Timestamp>
        /// Of these types only; empty for all.
        package var types: Set<AuditType>

        package init(
            subject: UserID? = nil,
            span: ClosedRange<Timestamp> = Timestamp(milliseconds: .min)...Timestamp(milliseconds: .max),
            types: Set<AuditType> = []
        ) {
            self.subject = subject
            self.span = span
            self.types = types
        }

        package func matches(_ recorded: RecordedEvent) -> Bool {
            (subject == nil || recorded.event.subject == subject) && span.contains(recorded.time)
                && (types.isEmpty || types.contains(recorded.event.type))
        }
    }

    /// Records that one snapshot is asked for.
    private static let auditPage = 512

    /// The newest records of a query, oldest first.
    /// - Throws: `storeUnavailable`, also for a record that is damaged.
    package func auditRecords(_ query: AuditQuery, limit: Int) throws -> [RecordedEvent] {
        try IssuerError.translating {
            var found: [RecordedEvent] = []
            var last: RecordedEvent?
            while found.count < limit {
                let page = try store.read { try Self.page(of: query, before: last, in: $0) }.map {
                    RecordedEvent(try $0.record())
                }
                found += page.filter(query.matches)
                last = page.last
                if page.count < Self.auditPage { break }
            }
            return found.prefix(limit).reversed()
        }
    }

    /// Records by sequence, those after `sequence` only, and the place in the chain that the oldest of all continues.
    package func auditRecords(
        after sequence: UInt64, limit: Int
    ) throws -> (records: [RecordedEvent], anchor: AuditLink) {
        try IssuerError.translating {
            try store.read { reader in
                let entries = try reader.auditEntries(after: sequence, limit: limit)
                return (try entries.map { RecordedEvent(try $0.record()) }, try reader.auditState().anchor)
            }
        }
    }

    /// The newest record's place in the chain.
    package func auditHead() throws -> AuditLink { try audit.head() }

    /// The id of an account: of an existing one by its e-mail address, or any id as it is, since the log outlives
    /// accounts.
    /// - Throws: `userNotFound`.
    package func auditSubject(_ idOrEmail: String) throws -> UserID {
        try UserID(idOrEmail) ?? user(idOrEmail).id
    }

    /// Walks the whole chain; see ``AuditVerification``.
    package func verifyAudit(
        noted: AuditLink?, progress: (_ checked: UInt64) -> Void
    ) throws -> AuditVerification.Report {
        try AuditVerification.run(on: store, noted: noted, progress: progress)
    }

    private static func page(
        of query: AuditQuery, before last: RecordedEvent?, in reader: any StoreReader
    ) throws -> [AuditEntry] {
        if let subject = query.subject {
            return try reader.auditEntries(of: subject, before: last?.sequence ?? .max, limit: auditPage)
        }
        let span = query.span.lowerBound...(last?.time ?? query.span.upperBound)
        return try reader.auditEntries(in: span, before: last?.sequence ?? .max, limit: auditPage)
    }
}
