/// What the issuer says of a token (RFC 7662 section 2.2).
public enum Introspection: Sendable, Hashable {
    /// Not good, for whatever reason: expired, revoked, unknown, or of no concern to the client that asks.
    case inactive
    /// Good now.
    case active(IntrospectedToken)
}
