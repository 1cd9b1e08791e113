internal import HTTPTypes
public import Hummingbird
internal import Logging
public import SignetVerifier

/// Lets a request pass only with a good access token, and tells the routes behind it who makes it.
///
/// Add it to a group of routes, with the scopes that these need. A refusal is logged with its code and detail: at `info`
/// when the request is at fault; at `warning` when nobody can tell now, once in ten seconds for each code, and at `debug`
/// in between.
public struct BearerMiddleware<Context: BearerRequestContext>: RouterMiddleware {
    private let verifier: Verifier
    private let scopes: Set<String>
    private let realm: String?
    private let cookieName: String?
    private let warnings = WarningLimit()

    /// A middleware for the routes of one group.
    ///
    /// - Parameters:
    ///   - verifier: Checks the token; share one among all groups.
    ///   - scopes: What the token must have beyond what the verifier's policy asks for; 403 without.
    ///   - realm: Named in `WWW-Authenticate`.
    ///   - cookieName: A cookie that may carry the token instead of the `Authorization` header; see
    ///     `BearerCredentials` for what that means for requests made up by other sites.
    public init(
        verifier: Verifier, scopes: Set<String> = [], realm: String? = nil, cookieName: String? = nil
    ) {
        self.verifier = verifier
        self.scopes = scopes
        self.realm = realm
        self.cookieName = cookieName
    }

    /// Checks the request's token, sets the context's identity, and lets the request pass.
    ///
    /// - Throws: ``BearerRejection`` when the request does not pass; whatever `next` throws.
    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        do throws(VerificationError) {
            context.identity = try await identity(of: request)
        } catch {
            let level = level(of: error)
            context.logger.log(
                level: level, "request refused", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
            throw BearerRejection(error, realm: realm)
        }
        return try await next(request, context)
    }

    private func level(of error: VerificationError) -> Logger.Level {
        guard error.isTemporary else { return .info }
        return warnings.allows(error.code, at: .now) ? .warning : .debug
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
