/// What can be asked of one consistent snapshot. Valid only inside the closure that received it.
///
/// Every method throws a ``StoreError`` when the stored bytes cannot be read.
package protocol StoreReader {
    func user(id: UserID) throws -> UserRecord?

    /// The user with this e-mail address.
    /// - Parameter email: normalised, as in ``UserRecord/email``.
    func user(email: String) throws -> UserRecord?

    /// Users in ascending order of id, those after `cursor` only, `limit` at most.
    func users(after cursor: UserID?, limit: Int) throws -> [UserRecord]

    func family(id: FamilyID) throws -> FamilyRecord?

    /// Families of one user in ascending order of id, dead ones that are not swept yet included.
    func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    /// Families of all users in ascending order of id, dead ones that are not swept yet included.
    func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    func client(id: ClientID) throws -> ClientRecord?

    /// Clients in ascending order of id, those after `cursor` only, `limit` at most.
    func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord]

    /// Whether the access token with this `jti` was revoked on its own and is not swept yet.
    func isRevoked(tokenID: String) throws -> Bool
}
