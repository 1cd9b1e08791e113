import JOSE

/// What the `status` claim of a token says about a status list (draft-ietf-oauth-status-list, section 6.2).
enum StatusListReference: Sendable {
    /// No claim, or one that names other mechanisms only.
    case absent
    /// Entry `index`, not negative, of the list at `uri`.
    case listed(index: Int, uri: JSONText)
    /// A claim that is there and cannot be understood.
    case malformed
}
