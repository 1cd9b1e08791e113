public import Hummingbird
public import SignetVerifier

/// Refuses a request unless its token has all given scopes. ``BearerMiddleware`` must have verified the token before.
///
/// Add it to a route or a group inside a group with ``BearerMiddleware``. If the token lacks a scope, the request gets
/// 403, and the challenge names the scopes. On a route without ``BearerMiddleware``, every request gets 401.
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
    /// Requires scopes inside a route, for example if they depend on the request.
    ///
    /// - Throws: `VerificationError` with `insufficientScope`; with `tokenMissing` on a route without
    ///   ``BearerMiddleware``. Do not catch the error in the route, so that the caller gets 403 or 401.
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
