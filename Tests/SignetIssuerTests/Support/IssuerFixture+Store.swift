import SignetStore
import Synchronization

@testable import SignetIssuer

extension IssuerFixture {
    /// Writes the audit events that the issuer has buffered to the store. Then returns all audit records in the store,
    /// oldest first.
    func audit() async throws -> [AuditRecord] {
        try await issuer.audit.flush(everything: true)
        return try recorded()
    }

    /// The audit records in the store, oldest first. Events that the issuer has only buffered are missing.
    func recorded() throws -> [AuditRecord] {
        try store.read { try $0.auditEntries(after: 0, limit: 100_000) }.map { try $0.record() }
    }

    /// Returns all users, families and clients in the store. Tests compare two results to show that nothing changed.
    func dump() throws -> StoreDump { try store.read { try StoreDump($0) } }

    struct StoreDump: Equatable {
        let users: [UserRecord]
        let families: [FamilyRecord]
        let clients: [ClientRecord]
    }
}

extension IssuerFixture.StoreDump {
    init(_ reader: any StoreReader) throws {
        users = try reader.users(after: nil, limit: .max)
        families = try reader.families(after: nil, limit: .max)
        clients = try reader.clients(after: nil, limit: .max)
    }
}

/// A box for a copy of the store's content: a closure inside a store transaction fills it, and the test reads it later.
final class SharedDump: Sendable {
    private let dump = Mutex<IssuerFixture.StoreDump?>(nil)

    var value: IssuerFixture.StoreDump? { dump.withLock { $0 } }

    func set(_ newValue: IssuerFixture.StoreDump) { dump.withLock { $0 = newValue } }
}

extension FamilyRecord {
    /// The record of a session that began at ``WallClock/start`` with the lifetimes of `IssuerConfiguration.make()`.
    static func sample(of user: UserID) -> FamilyRecord {
        .atLogin(
            of: user, at: WallClock.start, from: IssuerFixture.source,
            policy: RotationPolicy(
                reuseWindow: .seconds(30), idleLifetime: .seconds(7 * 86_400), secretID: 1,
                accessTokenLifetime: .seconds(900), address: IssuerFixture.source.address),
            sessionLifetime: .seconds(90 * 86_400))
    }
}
