// Authentication middleware for Hummingbird. The module SignetVerifier decides whether a token is accepted.

public import HTTPTypes
public import Hummingbird
internal import Logging
import SharedState
public import SignetVerifier

/// Requires a valid access token and stores the caller's identity in the request context.
///
/// Add the middleware to a group of routes, with the scopes that the group requires. If a route throws a
/// `VerificationError`, for example by `token.require(scopes:)`, the middleware turns the error into a
/// ``BearerRejection``, too.
///
/// Every refusal is logged once, with its code and detail. If the token's signature is valid, the line also has the
/// token's `sub`, `sid`, `jti` and `client_id`. The level is `info` if the request is at fault, and `warning` if the
/// service cannot check tokens at the moment. After a warning, further refusals with the same code are logged at
/// `debug` for ten seconds.
public struct BearerMiddleware<Context: BearerRequestContext>: RouterMiddleware {
    private let verifier: any TokenVerifying
    private let scopes: Set<String>
    private let realm: String?
    private let cookieName: String?
    private let log = RefusalLog()

    /// Creates a middleware for a group of routes.
    ///
    /// - Parameters:
    ///   - verifier: Checks the token: a `Verifier`, or an `IssuerRouter` for several issuers. Pass the same one to the
    ///     middleware of every group.
    ///   - scopes: Scopes that the token must have in addition to those of the verifier's policy. If the token lacks
    ///     one, the request gets 403.
    ///   - realm: The `realm` of `WWW-Authenticate`; no `realm` if `nil`.
    ///   - cookieName: A cookie that may carry the token instead of the `Authorization` header. Browsers also send
    ///     cookies with cross-site requests: read `BearerCredentials` first.
    public init(
        verifier: any TokenVerifying, scopes: Set<String> = [], realm: String? = nil, cookieName: String? = nil
    ) {
        self.verifier = verifier
        self.scopes = scopes
        self.realm = realm
        self.cookieName = cookieName
    }

    /// Checks the request's token, sets the context's identity, and calls `next`.
    ///
    /// - Throws: ``BearerRejection`` if the token is refused, or if `next` throws a `VerificationError`; any other
    ///   error of `next`.
    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let verified: VerifiedToken
        do throws(VerificationError) {
            verified = try await token(of: request)
            context.identity = try identity(of: verified)
        } catch {
            throw rejection(error, logger: context.logger)
        }
        do {
            return try await RequestToken.$current.withValue(verified) { try await next(request, context) }
        } catch let error as VerificationError {
            throw rejection(error, logger: context.logger)
        }
    }

    private func rejection(_ error: VerificationError, logger: Logger) -> BearerRejection {
        log.record(error, to: logger)
        return BearerRejection(error, realm: realm, isLogged: true)
    }

    private func token(of request: Request) async throws(VerificationError) -> VerifiedToken {
        let token = try BearerCredentials.token(
            authorization: request.headers[values: .authorization], cookies: request.headers[values: .cookie],
            cookieName: cookieName)
        let verified = try await verifier.verify(token)
        try verified.require(scopes: scopes)
        return verified
    }

    private func identity(of token: VerifiedToken) throws(VerificationError) -> Context.Identity {
        do {
            return try Context.Identity(token)
        } catch {
            throw error.about(token)
        }
    }
}

/// The response to a refused request: a status with `WWW-Authenticate` or `Retry-After`, and no body.
public struct BearerRejection: HTTPResponseError {
    /// The error for which the request was refused. Its `detail` is for logs and is not part of the response.
    public let reason: VerificationError

    private let challenge: BearerChallenge
    private let isLogged: Bool

    /// Creates the error that refuses a request because of `reason`, with `realm` in `WWW-Authenticate`.
    /// ``response(from:context:)`` logs the refusal.
    public init(_ reason: VerificationError, realm: String? = nil) {
        self.init(reason, realm: realm, isLogged: false)
    }

    /// Creates the error for a refused request. Pass `true` for `isLogged` if the refusal is in the log already, so
    /// that ``response(from:context:)`` does not log it again.
    init(_ reason: VerificationError, realm: String?, isLogged: Bool) {
        self.reason = reason
        self.isLogged = isLogged
        var challenge = reason.challenge
        challenge.realm = realm
        self.challenge = challenge
    }

    /// The status is 401 or 403; 400 for ambiguous credentials; 503 if the token cannot be checked at the moment.
    public var status: HTTPResponse.Status { HTTPResponse.Status(code: challenge.status) }

    /// The header field `WWW-Authenticate` (RFC 6750 section 3) or, for a 503, `Retry-After`.
    public var headers: HTTPFields {
        var headers = HTTPFields()
        if let value = challenge.headerValue { headers[.wwwAuthenticate] = value }
        if let seconds = challenge.retryAfter { headers[.retryAfter] = String(seconds) }
        return headers
    }

    /// Creates a response with ``status`` and ``headers``, without a body. Logs the refusal if it is not logged yet.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        if !isLogged { RefusalLog.shared.record(reason, to: context.logger) }
        return Response(status: status, headers: headers)
    }
}

/// If a route throws a `VerificationError`, the caller gets the response of a ``BearerRejection``, and the refusal is
/// logged. Without this conformance Hummingbird would answer 500.
extension VerificationError: HTTPResponseError {
    /// The status is 401 or 403; 400 for ambiguous credentials; 503 if the token cannot be checked at the moment.
    public var status: HTTPResponse.Status { BearerRejection(self).status }

    /// Creates a response with the status and `WWW-Authenticate` or `Retry-After`, without a body, and logs the refusal.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        try BearerRejection(self).response(from: request, context: context)
    }
}

/// Logs one line for each refusal. ``WarningLimit`` keeps an outage from filling the log with warnings.
struct RefusalLog: Sendable {
    /// Logs the refusals that no ``BearerMiddleware`` logs, for example a ``BearerRejection`` that the app created.
    static let shared = RefusalLog()

    private let warnings = WarningLimit()

    func record(_ error: VerificationError, to logger: Logger) {
        var metadata: Logger.Metadata = ["code": "\(error.code)", "reason": "\(error.detail)"]
        if let token = error.token {
            metadata["sub"] = token.subject.map { "\($0)" }
            metadata["sid"] = token.sessionID.map { "\($0)" }
            metadata["jti"] = token.tokenID.map { "\($0)" }
            metadata["client_id"] = token.clientID.map { "\($0)" }
        }
        logger.log(level: level(of: error), "request refused", metadata: metadata)
    }

    private func level(of error: VerificationError) -> Logger.Level {
        guard error.isTemporary else { return .info }
        return warnings.allows(error.code, at: .now) ? .warning : .debug
    }
}

/// Allows one warning per error code every ten seconds. Without the limit, every request during an outage would log a
/// warning.
final class WarningLimit: Sendable {
    static let interval = Duration.seconds(10)

    private let last = Guarded<[VerificationError.Code: ContinuousClock.Instant]>([:])

    /// Whether a warning about `code` may be logged at `now`. If the method returns `true`, the caller must log the
    /// warning, because it counts as logged.
    func allows(_ code: VerificationError.Code, at now: ContinuousClock.Instant) -> Bool {
        last.withLock { last in
            if let before = last[code], now < before + Self.interval { return false }
            last[code] = now
            return true
        }
    }
}
