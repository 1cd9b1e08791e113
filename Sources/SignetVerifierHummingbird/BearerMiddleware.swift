// Authentication middleware for Hummingbird. Decisions about tokens belong to SignetVerifier.

public import HTTPTypes
public import Hummingbird
internal import Logging
import SharedState
public import SignetVerifier

/// Requires a valid access token and stores the caller's identity in the request context.
///
/// Add the middleware to a group of routes, with the scopes that the group requires. Every refusal is logged with its
/// code and detail: at `info` if the request is at fault, at `warning` if the service cannot check tokens at the
/// moment. After a warning, further refusals with the same code are logged at `debug` for ten seconds.
public struct BearerMiddleware<Context: BearerRequestContext>: RouterMiddleware {
    private let verifier: Verifier
    private let scopes: Set<String>
    private let realm: String?
    private let cookieName: String?
    private let warnings = WarningLimit()

    /// Creates a middleware for a group of routes.
    ///
    /// - Parameters:
    ///   - verifier: Checks the token. Share one verifier among all groups.
    ///   - scopes: Scopes that the token must have in addition to those of the verifier's policy. A token without them
    ///     gets 403.
    ///   - realm: The `realm` of `WWW-Authenticate`; no `realm` if `nil`.
    ///   - cookieName: A cookie that may carry the token instead of the `Authorization` header. Read
    ///     `BearerCredentials` about cross-site requests first.
    public init(
        verifier: Verifier, scopes: Set<String> = [], realm: String? = nil, cookieName: String? = nil
    ) {
        self.verifier = verifier
        self.scopes = scopes
        self.realm = realm
        self.cookieName = cookieName
    }

    /// Checks the request's token, sets the context's identity, and calls `next`.
    ///
    /// - Throws: ``BearerRejection`` if the request is refused; any error of `next`.
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

/// The response to a refused request: a status with `WWW-Authenticate` or `Retry-After`, and no body.
public struct BearerRejection: HTTPResponseError {
    /// The reason, for logs. Its detail is not part of the response.
    public let reason: VerificationError

    private let challenge: BearerChallenge

    /// Creates the response for `reason`, with `realm` in `WWW-Authenticate`.
    public init(_ reason: VerificationError, realm: String? = nil) {
        self.reason = reason
        var challenge = reason.challenge
        challenge.realm = realm
        self.challenge = challenge
    }

    /// 401 or 403; 400 for ambiguous credentials; 503 if the token cannot be checked at the moment.
    public var status: HTTPResponse.Status { HTTPResponse.Status(code: challenge.status) }

    /// `WWW-Authenticate` (RFC 6750 section 3), or `Retry-After` for a 503.
    public var headers: HTTPFields {
        var headers = HTTPFields()
        if let value = challenge.headerValue { headers[.wwwAuthenticate] = value }
        if let seconds = challenge.retryAfter { headers[.retryAfter] = String(seconds) }
        return headers
    }

    /// Creates a response with the status and the header fields, without a body.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(status: status, headers: headers)
    }
}

/// Allows one warning per error code every ten seconds. Otherwise an outage, in which every request fails for the same
/// reason, would fill the log.
final class WarningLimit: Sendable {
    static let interval = Duration.seconds(10)

    private let last = Guarded<[VerificationError.Code: ContinuousClock.Instant]>([:])

    /// Whether a warning about `code` may be logged at `now`. If the result is `true`, the warning counts as logged.
    func allows(_ code: VerificationError.Code, at now: ContinuousClock.Instant) -> Bool {
        last.withLock { last in
            if let before = last[code], now < before + Self.interval { return false }
            last[code] = now
            return true
        }
    }
}
