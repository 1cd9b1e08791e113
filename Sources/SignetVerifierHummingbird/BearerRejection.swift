public import HTTPTypes
public import Hummingbird
public import SignetVerifier

/// The refusal of a request: a status, `WWW-Authenticate` or `Retry-After`, and no body.
public struct BearerRejection: HTTPResponseError {
    /// Why; its texts for the operator are not part of the response.
    public let reason: VerificationError

    private let challenge: BearerChallenge

    /// The refusal for `reason`, which names `realm` in `WWW-Authenticate`.
    public init(_ reason: VerificationError, realm: String? = nil) {
        self.reason = reason
        var challenge = reason.challenge
        challenge.realm = realm
        self.challenge = challenge
    }

    /// 401 or 403, 400 for ambiguous credentials, 503 when nobody can tell now.
    public var status: HTTPResponse.Status { HTTPResponse.Status(code: challenge.status) }

    /// `WWW-Authenticate` (RFC 6750 section 3), or `Retry-After` with a 503.
    public var headers: HTTPFields {
        var headers = HTTPFields()
        if let value = challenge.headerValue { headers[.wwwAuthenticate] = value }
        if let seconds = challenge.retryAfter { headers[.retryAfter] = String(seconds) }
        return headers
    }

    /// Status and header fields, without a body.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(status: status, headers: headers)
    }
}
