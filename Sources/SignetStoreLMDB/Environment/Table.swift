import CLMDB

/// The named databases of a store. Raw values are their names on disk: never change one.
enum Table: String, CaseIterable {
    /// The store's ``StoreFormat`` and its `AuditState`.
    case meta
    /// User id → user record.
    case users
    /// Normalised e-mail address → user id.
    case usersByEmail = "users.email"
    /// Family id → family record.
    case families
    /// User id ‖ family id → nothing.
    case familiesByUser = "families.user"
    /// Time of the next expiry check ‖ family id → nothing. The time may be earlier than the family's expiry.
    case familiesByExpiry = "families.expiry"
    /// Client id → client record.
    case clients
    /// `jti` → revocation record.
    case revocations
    /// Expiry ‖ `jti` → nothing.
    case revocationsByExpiry = "revocations.expiry"
    /// Sequence → audit record.
    case audit
    /// User id ‖ sequence → nothing.
    case auditBySubject = "audit.subject"
    /// Time ‖ sequence → nothing.
    case auditByTime = "audit.time"
    /// Number of a status list → number of its indices that are taken.
    case statusLists = "status.lists"
    /// Status list index that is taken → nothing.
    case statusTaken = "status.taken"
    /// Status list index of a revoked entry → time until which it is revoked.
    case statusSet = "status.set"
    /// Time at which to free the index ‖ status list index → nothing.
    case statusByRelease = "status.release"
    /// Id of a user whose session cutoff has entries left to set → id of the last family that was handled.
    case statusCutoffs = "status.cutoffs"

    /// The index of the table's handle in ``Tables``.
    var index: Int {
        switch self {
        case .meta: 0
        case .users: 1
        case .usersByEmail: 2
        case .families: 3
        case .familiesByUser: 4
        case .familiesByExpiry: 5
        case .clients: 6
        case .revocations: 7
        case .revocationsByExpiry: 8
        case .audit: 9
        case .auditBySubject: 10
        case .auditByTime: 11
        case .statusLists: 12
        case .statusTaken: 13
        case .statusSet: 14
        case .statusByRelease: 15
        case .statusCutoffs: 16
        }
    }

    /// The first ``StoreFormat`` in which the table exists.
    var format: UInt32 {
        switch self {
        case .audit, .auditBySubject, .auditByTime: 2
        case .statusLists, .statusTaken, .statusSet, .statusByRelease: 3
        case .statusCutoffs: 4
        default: 1
        }
    }
}

/// The open handles of all tables of one environment.
struct Tables: Sendable {
    private let handles: [MDB_dbi]

    /// - Parameter handles: one per table, in the order of `Table.allCases`.
    init(handles: [MDB_dbi]) {
        precondition(handles.count == Table.allCases.count, "every table needs a handle")
        self.handles = handles
    }

    subscript(table: Table) -> MDB_dbi { handles[table.index] }
}
