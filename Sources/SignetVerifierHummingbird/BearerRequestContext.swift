public import Hummingbird
public import SignetVerifier

/// A request context that stores the identity of the caller.
public protocol BearerRequestContext: RequestContext {
    /// The type with which the service describes a caller. The default is the verified token.
    associatedtype Identity: TokenIdentity = VerifiedToken

    /// The identity of the caller, set by ``BearerMiddleware``; `nil` on routes without the middleware.
    var identity: Identity? { get set }
}

extension BearerRequestContext {
    /// Returns the identity of the caller.
    ///
    /// - Throws: ``BearerRejection`` with `tokenMissing` on a route without ``BearerMiddleware``.
    public func requireIdentity() throws(BearerRejection) -> Identity {
        guard let identity else {
            throw BearerRejection(VerificationError(.tokenMissing, "the route is not behind BearerMiddleware"))
        }
        return identity
    }
}

/// A service's own type for a caller, created from a verified token.
public protocol TokenIdentity: Sendable {
    /// Creates the identity from the token's claims.
    ///
    /// - Throws: `VerificationError` if a claim is missing or unusable. The middleware then refuses the request with
    ///   the challenge of that error.
    init(_ token: VerifiedToken) throws(VerificationError)
}

/// A service that defines no identity type of its own uses the token itself as the identity.
extension VerifiedToken: TokenIdentity {
    public init(_ token: VerifiedToken) { self = token }
}
