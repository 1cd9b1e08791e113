package import SignetStore

extension Administration {
    /// Conditions that an audit record must match.
    package struct AuditQuery: Sendable, Hashable {
        /// The account that the record is about; `nil` matches every record.
        package var subject: UserID?
        package var span: ClosedRange<Timestamp>
        /// The event types to match. An empty set matches every type.
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

    /// Maximum number of audit records that one read transaction (snapshot) returns.
    private static let auditPage = 512

    /// The newest audit records that match a query, oldest first.
    /// - Throws: `storeUnavailable` if the store cannot be read or a record is damaged.
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

    /// The audit records after a sequence number, in ascending order.
    /// - Returns: the records, and the log's anchor: the sequence number and hash of the newest record that was removed
    ///   because of its age or the log's size.
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

    /// Sequence number and hash of the newest audit record.
    package func auditHead() throws -> AuditLink { try audit.head() }

    /// Resolves an e-mail address to the id of its account. An id is returned unchanged, even if the account was
    /// deleted, because the audit log may still have records about it.
    /// - Throws: `userNotFound` if no account has the e-mail address.
    package func auditSubject(_ idOrEmail: String) throws -> UserID {
        try UserID(idOrEmail) ?? user(idOrEmail).id
    }

    /// Verifies the hash chain and the indexes of the whole audit log; see
    /// ``AuditVerification/run(on:noted:progress:)``.
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
