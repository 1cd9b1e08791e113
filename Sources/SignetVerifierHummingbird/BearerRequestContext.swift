public import Hummingbird
public import SignetVerifier

/// A request context that stores the identity of the caller.
public protocol BearerRequestContext: RequestContext {
    /// The service's type for a caller. The default is the verified token.
    associatedtype Identity: TokenIdentity = VerifiedToken

    /// The caller, set by ``BearerMiddleware``; `nil` on routes without the middleware.
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
    /// Reads from the token the claims that the service needs.
    ///
    /// - Throws: `VerificationError` if a claim is missing or unusable. The middleware answers with the challenge of
    ///   that error.
    init(_ token: VerifiedToken) throws(VerificationError)
}

/// The token itself is the identity in services that define no type of their own.
extension VerifiedToken: TokenIdentity {
    public init(_ token: VerifiedToken) { self = token }
}
