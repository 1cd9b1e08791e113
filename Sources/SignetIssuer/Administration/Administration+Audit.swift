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

    /// Maximum number of audit records that one query of the store returns.
    private static let auditPage = 512

    /// The newest audit records that match a query, oldest first.
    /// - Throws: `storeUnavailable` if the store cannot be read or a record is damaged.
    package func auditRecords(_ query: AuditQuery, limit: Int) async throws -> [RecordedEvent] {
        try await IssuerError.translating {
            var found: [RecordedEvent] = []
            var last: RecordedEvent?
            while found.count < limit {
                let page = try await store.auditPage(
                    Self.selection(of: query, before: last), limit: Self.auditPage
                ).entries.map { RecordedEvent(try $0.record()) }
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
    ) async throws -> (records: [RecordedEvent], anchor: AuditLink) {
        try await IssuerError.translating {
            let page = try await store.auditPage(.after(sequence), limit: limit)
            return (try page.entries.map { RecordedEvent(try $0.record()) }, page.state.anchor)
        }
    }

    /// Sequence number and hash of the newest audit record.
    package func auditHead() async throws -> AuditLink { try await audit.head() }

    /// Resolves an e-mail address to the id of its account. An id is returned unchanged, even if the account was
    /// deleted, because the audit log may still have records about it.
    /// - Throws: `userNotFound` if no account has the e-mail address.
    package func auditSubject(_ idOrEmail: String) async throws -> UserID {
        if let id = UserID(idOrEmail) { return id }
        return try await user(idOrEmail).id
    }

    /// Verifies the hash chain and the indexes of the whole audit log; see
    /// ``AuditVerification/run(on:noted:progress:)``.
    package func verifyAudit(
        noted: AuditLink?, progress: (_ checked: UInt64) async -> Void
    ) async throws -> AuditVerification.Report {
        try await AuditVerification.run(on: store, noted: noted, progress: progress)
    }

    private static func selection(of query: AuditQuery, before last: RecordedEvent?) -> AuditSelection {
        if let subject = query.subject { return .about(subject, before: last?.sequence ?? .max) }
        return .during(
            query.span.lowerBound...(last?.time ?? query.span.upperBound), before: last?.sequence ?? .max)
    }
}
