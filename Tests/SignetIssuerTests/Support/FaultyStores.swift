import MemoryStore
import SignetStore
import Synchronization

// Each store in this file forwards calls to a real store. A test can switch on one fault per store.

/// A store that can simulate a full disk: its writes then fail. The store counts write transactions.
final class FailingStore: LocalStore {
    private struct State {
        var fails = false
        var writes = 0
        var limit = Int.max
    }

    private let store: any LocalStore
    private let state = Mutex(State())

    init(store: any LocalStore) { self.store = store }

    /// Whether every write fails.
    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }

    /// The first `limit` writes may succeed. All later writes fail.
    var limit: Int {
        get { state.withLock { $0.limit } }
        set { state.withLock { $0.limit = newValue } }
    }

    /// The number of writes so far, including failed writes.
    var writes: Int { state.withLock { $0.writes } }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        let isBeyondLimit = state.withLock { state in
            state.writes += 1
            return state.writes > state.limit
        }
        if fails || isBeyondLimit { throw StoreError(.full, "the test's disk is full") }
        return try await store.write(body)
    }
}

/// A store that simulates a concurrent caller, who makes a change that the test has set. The change happens during the
/// next write.
final class InterruptedStore: LocalStore {
    typealias Change = MemoryStore.Change

    /// When the other caller makes the change.
    enum Moment: CaseIterable {
        /// Before the write begins. The decision may have to run again, because the issuer has loaded records before.
        case beforeLoading
        /// After the decision has run. The store has to run the decision again.
        case afterDeciding
    }

    private let store: MemoryStore
    private let moment: Moment
    private let change = Mutex<Change?>(nil)

    init(store: MemoryStore, at moment: Moment) {
        self.store = store
        self.moment = moment
    }

    /// The change to make during the next write; `nil` once that write has begun.
    var duringWrite: Change? {
        get { change.withLock { $0 } }
        set { change.withLock { $0 = newValue } }
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try await store.write(body)
    }

    func write<Result: Sendable>(
        loading lookup: StoreLookup, known: LoadedRecords?,
        _ decide: @escaping @Sendable (LoadedRecords) throws -> StoreDecision<Result>
    ) async throws -> Result {
        let other = change.withLock { change in
            defer { change = nil }
            return change
        }
        if let other {
            switch moment {
            case .beforeLoading: try await store.write(other)
            case .afterDeciding: store.changeBeforeCommit = other
            }
        }
        return try await store.write(loading: lookup, known: known, decide)
    }
}

/// A store whose writes cannot append audit records while ``refusesRecords`` is `true`.
final class UnrecordingStore: LocalStore {
    private let store: any LocalStore
    private let refuses = Mutex(false)

    init(store: any LocalStore) { self.store = store }

    var refusesRecords: Bool {
        get { refuses.withLock { $0 } }
        set { refuses.withLock { $0 = newValue } }
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        let refuses = refusesRecords
        return try await store.write { try body(refuses ? Writer(writer: $0) : $0) }
    }

    /// A writer that refuses audit records and forwards all other calls to the real writer.
    private struct Writer: StoreWriter {
        let writer: any StoreWriter

        func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws {
            throw StoreError(.full, "the test takes no audit record")
        }

        func user(id: UserID) throws -> UserRecord? { try writer.user(id: id) }
        func user(email: String) throws -> UserRecord? { try writer.user(email: email) }
        func users(after cursor: UserID?, limit: Int) throws -> [UserRecord] {
            try writer.users(after: cursor, limit: limit)
        }
        func family(id: FamilyID) throws -> FamilyRecord? { try writer.family(id: id) }
        func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
            try writer.families(of: user, after: cursor, limit: limit)
        }
        func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
            try writer.families(after: cursor, limit: limit)
        }
        func client(id: ClientID) throws -> ClientRecord? { try writer.client(id: id) }
        func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord] {
            try writer.clients(after: cursor, limit: limit)
        }
        func isRevoked(tokenID: String) throws -> Bool { try writer.isRevoked(tokenID: tokenID) }
        func auditState() throws -> AuditState { try writer.auditState() }
        func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry] {
            try writer.auditEntries(after: sequence, limit: limit)
        }
        func auditEntries(before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
            try writer.auditEntries(before: sequence, limit: limit)
        }
        func auditEntries(of subject: UserID, before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
            try writer.auditEntries(of: subject, before: sequence, limit: limit)
        }
        func auditEntries(
            in span: ClosedRange<Timestamp>, before sequence: UInt64, limit: Int
        ) throws -> [AuditEntry] {
            try writer.auditEntries(in: span, before: sequence, limit: limit)
        }
        func oldestAuditTime(at now: Timestamp) throws -> Timestamp? { try writer.oldestAuditTime(at: now) }
        func statusListCount() throws -> Int { try writer.statusListCount() }
        func revokedStatusListEntries(of list: Int, after offset: Int?, limit: Int) throws -> [RevokedStatusListEntry] {
            try writer.revokedStatusListEntries(of: list, after: offset, limit: limit)
        }
        func insert(_ user: UserRecord) throws { try writer.insert(user) }
        func update(_ user: UserRecord) throws { try writer.update(user) }
        func deleteUser(id: UserID) throws -> Bool { try writer.deleteUser(id: id) }
        func removeFamilies(of user: UserID, limit: Int) throws -> Int {
            try writer.removeFamilies(of: user, limit: limit)
        }
        func insert(_ family: FamilyRecord) throws { try writer.insert(family) }
        func update(_ family: FamilyRecord) throws { try writer.update(family) }
        func freeStatusListIndex() throws -> StatusListIndex { try writer.freeStatusListIndex() }
        func takeStatusListIndex(_ index: StatusListIndex) throws { try writer.takeStatusListIndex(index) }
        func insert(_ client: ClientRecord) throws { try writer.insert(client) }
        func deleteClient(id: ClientID) throws -> Bool { try writer.deleteClient(id: id) }
        func revoke(tokenID: String, until expiry: Timestamp) throws {
            try writer.revoke(tokenID: tokenID, until: expiry)
        }
        func sweep(at now: Timestamp, limit: Int) throws -> Int { try writer.sweep(at: now, limit: limit) }
        func trimAudit(
            before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int
        ) throws -> Int {
            try writer.trimAudit(before: start, at: now, downTo: byteCount, limit: limit)
        }
    }
}
