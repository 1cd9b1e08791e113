public import Hummingbird
public import SignetVerifier

/// A request context with a place for who makes the request.
public protocol BearerRequestContext: RequestContext {
    /// The service's own idea of a caller; the token itself unless said otherwise.
    associatedtype Identity: TokenIdentity = VerifiedToken

    /// Set by ``BearerMiddleware``; `nil` on routes without it.
    var identity: Identity? { get set }
}

extension BearerRequestContext {
    /// Who makes the request.
    ///
    /// - Throws: ``BearerRejection`` with `tokenMissing` on a route without ``BearerMiddleware``.
    public func requireIdentity() throws(BearerRejection) -> Identity {
        guard let identity else {
            throw BearerRejection(VerificationError(.tokenMissing, "the route is not behind BearerMiddleware"))
        }
        return identity
    }
}
