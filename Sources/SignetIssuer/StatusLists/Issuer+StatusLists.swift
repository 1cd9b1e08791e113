extension Issuer {
    /// A status list as it is to be served now: it knows of every session that ended more than a part of
    /// ``IssuerConfiguration/statusListFreshness`` ago.
    /// - Parameter number: as the `uri` of an access token's `status` claim ends.
    /// - Returns: `nil` when there is no such list, or none at all.
    /// - Throws: `storeUnavailable`, `internal`.
    package func statusList(_ number: Int) async throws -> PublishedStatusList? {
        try await IssuerError.translating { try await statusLists?.list(number) }
    }
}
