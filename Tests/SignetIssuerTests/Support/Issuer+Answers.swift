import SignetStore

@testable import SignetIssuer

// The answers to the issuer's inquiries, for tests that do not care whether the store has the records at hand.

extension Issuer {
    func profile(accessToken: String) async throws -> User {
        try await profileInquiry(accessToken: accessToken).answer()
    }

    func sessions(accessToken: String, after cursor: FamilyID? = nil, limit: Int) async throws -> SessionPage {
        try await sessionsInquiry(accessToken: accessToken, after: cursor, limit: limit).answer()
    }

    /// Introspects a token for a client that needs no secret here.
    func introspect(_ token: String, by client: Client) async throws -> IntrospectionResult {
        try await introspectionInquiry(of: token, loading: nil) { _ in client }.answer().result
    }
}

extension AuditTrail {
    /// Appends an event to the audit log in a transaction of a test.
    func record(_ event: AuditEvent, in writer: any StoreWriter) throws { try writer.make(change(for: event)) }

    /// Appends a successful event about a session to the audit log in a transaction of a test.
    func record(
        _ type: AuditType, of family: FamilyRecord, by actor: AuditActor? = nil, in writer: any StoreWriter
    ) throws {
        try writer.make(change(for: type, of: family, by: actor))
    }

    /// Appends a successful event about an account to the audit log in a transaction of a test.
    func record(
        _ type: AuditType, of user: UserRecord, by actor: AuditActor? = nil, in writer: any StoreWriter
    ) throws {
        try writer.make(change(for: type, of: user, by: actor))
    }
}
