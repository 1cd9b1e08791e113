import HTTPTypes
import SignetIssuer
import SignetVerifier

/// The access token of an `Authorization` header, read as every verifier of this issuer's tokens reads it.
struct BearerToken {
    let value: String

    /// Reads the one `Authorization` header; `nil` when there is none or when it has no Bearer token.
    /// - Throws: ``IssuerError`` `tokenInvalid` when there are several headers.
    init?(in headers: HTTPFields) throws {
        do throws(VerificationError) {
            value = try BearerCredentials.token(authorization: headers[values: .authorization])
        } catch {
            if error.code == .tokenMissing { return nil }
            throw IssuerError(.tokenInvalid, error.detail)
        }
    }

    /// The access token of a route that needs one.
    /// - Throws: ``Problem/tokenMissing``, or what ``init(in:)`` throws.
    static func required(in headers: HTTPFields) throws -> String {
        guard let token = try BearerToken(in: headers) else { throw Problem.tokenMissing }
        return token.value
    }
}
