public import HTTPTypes
public import Hummingbird
public import SignetVerifier

/// The refusal of a request: a status, `WWW-Authenticate` or `Retry-After`, and no body.
public struct BearerRejection: HTTPResponseError {
    /// Why; its texts for the operator are not part of the response.
    public let reason: VerificationError

    private let challenge: BearerChallenge

    public init(_ reason: VerificationError, realm: String? = nil) {
        self.reason = reason
        var challenge = reason.challenge
        challenge.realm = realm
        self.challenge = challenge
    }

    public var status: HTTPResponse.Status { HTTPResponse.Status(code: challenge.status) }

    /// The header fields of the response.
    public var headers: HTTPFields {
        var headers = HTTPFields()
        if let value = challenge.headerValue { headers[.wwwAuthenticate] = value }
        if let seconds = challenge.retryAfter { headers[.retryAfter] = String(seconds) }
        return headers
    }

    public func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(status: status, headers: headers)
    }
}
