/// Who did what an audit record tells.
package enum AuditActor: Sendable, Hashable {
    /// Somebody who did not prove who they are.
    case anonymous
    case user(UserID)
    case client(ClientID)
    /// Whoever runs the command line on the issuer's own machine.
    case `operator`
    /// The issuer, by itself.
    case issuer
}
