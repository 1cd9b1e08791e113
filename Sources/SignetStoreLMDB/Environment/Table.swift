import CLMDB

/// The tables of a store: named LMDB databases. Raw values are the names on disk: never change one.
enum Table: String, CaseIterable {
    /// The format number of the store (see ``StoreFormat``) and the state of the audit log (`AuditState`).
    case meta
    /// Key: user id. Value: user record.
    case users
    /// Key: normalised e-mail address. Value: user id.
    case usersByEmail = "users.email"
    /// Key: family id (a family is all refresh tokens of one login). Value: family record.
    case families
    /// Key: user id, then family id. No value.
    case familiesByUser = "families.user"
    /// Key: time of the next expiry check of a session (family), then the session's id. No value.
    case familiesByExpiry = "families.expiry"
    /// Key: client id. Value: client record.
    case clients
    /// Key: `jti`. Value: revocation record.
    case revocations
    /// Key: expiry, then `jti`. No value.
    case revocationsByExpiry = "revocations.expiry"
    /// Key: sequence number of an audit record. Value: the record.
    case audit
    /// Key: user id, then the sequence number of an audit record about the user. No value.
    case auditBySubject = "audit.subject"
    /// Key: time of an audit record, then the record's sequence number. No value.
    case auditByTime = "audit.time"
    /// Key: number of a status list. Value: how many indices of the list are in use.
    case statusLists = "status.lists"
    /// Key: status list index that is in use. No value.
    case statusTaken = "status.taken"
    /// Key: status list index whose entry says "revoked". Value: the time until which it says "revoked".
    case statusSet = "status.set"
    /// Key: time at which to free the status list index, then the index. No value.
    case statusByRelease = "status.release"
    /// Work that is left after a user's sessions were ended together and only some of their status list entries were
    /// set. Key: user id. Value: id of the last session (family) whose entry was handled.
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

    /// Takes one handle per table, in the order of `Table.allCases`.
    init(handles: [MDB_dbi]) {
        precondition(handles.count == Table.allCases.count, "every table needs a handle")
        self.handles = handles
    }

    subscript(table: Table) -> MDB_dbi { handles[table.index] }
}
