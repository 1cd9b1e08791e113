// The folder Decisions holds what a decision loads from a store and what it changes, as plain values. Every store
// interprets these values.

/// The records that an operation needs. A store answers a lookup from one snapshot, with one round trip if it is on
/// another machine.
///
/// Each property adds one part to the lookup. ``LoadedRecords`` has the answer of each part.
package struct StoreLookup: Sendable, Hashable {
    /// The client to load.
    package var client: ClientID?
    /// The user to load.
    package var user: UserKey?
    /// The session to load. The answer holds its family and the family's user.
    package var session: FamilyID?
    /// The access token to look up. The answer holds the token's revocation and the records of its holder.
    package var token: TokenKey?
    /// A page of all families (sessions) of one user: the user of ``user``, or of ``token`` if ``user`` is `nil`.
    package var families: FamilyPage?
    /// A search for live families (sessions) of one user: the user of ``user``, or of ``token`` if ``user`` is `nil`.
    package var liveFamilies: LiveFamilySearch?
    /// `true` loads a free status list index. Only a write may load one. If its decision uses the index, the decision
    /// must return the change ``StoreChange/takeStatusListIndex(_:)``.
    package var needsStatusListIndex = false
    /// Times whose audit records to load, together with the oldest record of the audit log; `nil` to load neither.
    package var auditTimes: [Timestamp]?

    /// Makes a lookup. Without arguments, the lookup loads nothing.
    package init(
        client: ClientID? = nil, user: UserKey? = nil, session: FamilyID? = nil, token: TokenKey? = nil,
        families: FamilyPage? = nil, liveFamilies: LiveFamilySearch? = nil, needsStatusListIndex: Bool = false,
        auditTimes: [Timestamp]? = nil
    ) {
        self.client = client
        self.user = user
        self.session = session
        self.token = token
        self.families = families
        self.liveFamilies = liveFamilies
        self.needsStatusListIndex = needsStatusListIndex
        self.auditTimes = auditTimes
    }
}

/// What identifies a user in a lookup.
package enum UserKey: Sendable, Hashable {
    case id(UserID)
    /// The e-mail address in lower case, without white space around it.
    case email(String)
}

/// What a lookup needs to know of an access token.
package struct TokenKey: Sendable, Hashable {
    /// The holder of an access token.
    package enum Holder: Sendable, Hashable {
        /// A user with a session. The session is `nil` if the token names none that can exist.
        case user(UserID, session: FamilyID?)
        /// A client that got the token for itself.
        case client(ClientID)
    }

    /// The `jti` of the token.
    package let tokenID: String
    /// The holder whose records to load; `nil` to load only the revocation of the token.
    package let holder: Holder?

    package init(tokenID: String, holder: Holder? = nil) {
        self.tokenID = tokenID
        self.holder = holder
    }
}

/// A page of families (sessions) of one user in ascending order of id, revoked and expired ones included.
package struct FamilyPage: Sendable, Hashable {
    /// The last id of the previous page; `nil` for the first page.
    package let cursor: FamilyID?
    /// The maximum number of families to return.
    package let limit: Int

    package init(after cursor: FamilyID? = nil, limit: Int) {
        self.cursor = cursor
        self.limit = limit
    }
}

/// A search for live families (sessions) of one user in ascending order of id. A family is live if it has neither
/// expired nor been revoked, and if the user's ``UserRecord/sessionCutoff`` does not end it.
package struct LiveFamilySearch: Sendable, Hashable {
    /// The search begins after this id; `nil` begins with the first family.
    package let cursor: FamilyID?
    /// The maximum number of live families to return.
    package let limit: Int
    /// The maximum number of families to read, a multiple of 100. Families that are not live count too.
    package let readLimit: Int
    /// The time at which the families must be live.
    package let time: Timestamp

    package init(after cursor: FamilyID? = nil, limit: Int, reading readLimit: Int, at time: Timestamp) {
        self.cursor = cursor
        self.limit = limit
        self.readLimit = readLimit
        self.time = time
    }
}
