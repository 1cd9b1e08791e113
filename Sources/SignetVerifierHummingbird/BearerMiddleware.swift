internal import HTTPTypes
public import Hummingbird
internal import Logging
public import SignetVerifier

/// Lets a request pass only with a good access token, and tells the routes behind it who makes it.
///
/// Add it to a group of routes, with the scopes that these need:
///
///     router.group("orders").add(middleware: BearerMiddleware(verifier: verifier, scopes: ["orders:read"]))
public struct BearerMiddleware<Context: BearerRequestContext>: RouterMiddleware {
    private let verifier: Verifier
    private let scopes: Set<String>
    private let realm: String?
    private let cookieName: String?

    /// - Parameters:
    ///   - scopes: What the token must have beyond what the verifier's policy asks for; 403 without.
    ///   - realm: Named in `WWW-Authenticate`.
    ///   - cookieName: A cookie that may carry the token instead of the `Authorization` header; see
    ///     ``BearerCredentials`` for what that means for requests made up by other sites.
    public init(
        verifier: Verifier, scopes: Set<String> = [], realm: String? = nil, cookieName: String? = nil
    ) {
        self.verifier = verifier
        self.scopes = scopes
        self.realm = realm
        self.cookieName = cookieName
    }

    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        do throws(VerificationError) {
            context.identity = try await identity(of: request)
        } catch {
            let level: Logger.Level = error.isTemporary ? .warning : .info
            context.logger.log(
                level: level, "request refused", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
            throw BearerRejection(error, realm: realm)
        }
        return try await next(request, context)
    }

    private func identity(of request: Request) async throws(VerificationError) -> Context.Identity {
        let token = try BearerCredentials.token(
            authorization: request.headers[values: .authorization], cookies: request.headers[values: .cookie],
            cookieName: cookieName)
        let verified = try await verifier.verify(token)
        try verified.require(scopes: scopes)
        return try Context.Identity(verified)
    }
}
