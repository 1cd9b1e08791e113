import SignetStore

@testable import SignetIssuer

extension IssuerFixture {
    /// Every audit record, oldest first, what was noted included.
    func audit() async throws -> [AuditRecord] {
        try await issuer.audit.flush(everything: true)
        return try recorded()
    }

    /// The audit records that are in the store now, oldest first.
    func recorded() throws -> [AuditRecord] {
        try store.read { try $0.auditEntries(after: 0, limit: 100_000) }.map { try $0.record() }
    }
}
