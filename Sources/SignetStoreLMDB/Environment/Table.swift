/// The named databases of a store's environment. Raw values are their names on disk: never change one.
enum Table: String, CaseIterable {
    /// What the store says about itself: ``StoreFormat``, and where the audit records begin and end.
    case meta
    /// User id → user record.
    case users
    /// Normalised e-mail address → user id.
    case usersByEmail = "users.email"
    /// Family id → family record.
    case families
    /// User id ‖ family id → nothing.
    case familiesByUser = "families.user"
    /// When to look ‖ family id → nothing. Lazy: see ``LMDBWriter/sweep(at:limit:)``.
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
    /// Number of a status list → how many of its indices are taken.
    case statusLists = "status.lists"
    /// Status index that is taken → nothing.
    case statusTaken = "status.taken"
    /// Status index whose entry is set → until when.
    case statusSet = "status.set"
    /// When to free ‖ status index → nothing.
    case statusByRelease = "status.release"
    /// User id → family id: whose cutoff has not set all entries, and up to which family it has.
    case statusCutoffs = "status.cutoffs"

    /// The table's place in ``Tables``.
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

    /// The first ``StoreFormat`` that has the table.
    var format: UInt32 {
        switch self {
        case .audit, .auditBySubject, .auditByTime: 2
        case .statusLists, .statusTaken, .statusSet, .statusByRelease: 3
        case .statusCutoffs: 4
        default: 1
        }
    }
}
