public import Hummingbird
public import SignetVerifier

/// Requires scopes of the token that ``BearerMiddleware`` has verified, without verifying it again.
///
/// Add it to a route or a group inside of a group with ``BearerMiddleware``. A token that lacks a scope gets 403, and the
/// challenge names the scopes. On a route without ``BearerMiddleware``, every request gets 401.
public struct RequireScopes<Context: RequestContext>: RouterMiddleware {
    private let scopes: Set<String>

    /// Creates a middleware that requires all of `scopes`.
    public init(_ scopes: Set<String>) { self.scopes = scopes }

    /// Checks the scopes of the request's token and calls `next`.
    ///
    /// - Throws: `VerificationError` with `insufficientScope` or `tokenMissing`; any error of `next`.
    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        try RequestToken.require(scopes)
        return try await next(request, context)
    }
}

extension BearerRequestContext {
    /// Requires scopes inside of a route, for example if they depend on the request.
    ///
    /// - Throws: `VerificationError` with `insufficientScope`; with `tokenMissing` on a route without
    ///   ``BearerMiddleware``. Let the route throw it: the caller then gets 403 or 401.
    public func require(scopes: Set<String>) throws(VerificationError) { try RequestToken.require(scopes) }
}

/// The verified token of the current request.
enum RequestToken {
    /// Set by ``BearerMiddleware`` for the task that handles the request; `nil` without the middleware.
    @TaskLocal static var current: VerifiedToken?

    static func require(_ scopes: Set<String>) throws(VerificationError) {
        guard let current else {
            throw VerificationError(.tokenMissing, "the route is not behind BearerMiddleware")
        }
        try current.require(scopes: scopes)
    }
}
