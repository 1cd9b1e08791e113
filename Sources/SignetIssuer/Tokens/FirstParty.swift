/// The issuer's own API as a client of itself.
package enum FirstParty {
    /// The `client_id` of its tokens. No registered client has it: their ids are UUIDs.
    package static let clientID = "first-party"
    /// The scope that a login grants.
    package static let scope = "account"
}
