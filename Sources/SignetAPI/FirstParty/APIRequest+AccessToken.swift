import SignetIssuer
import SignetVerifier

extension APIRequest {
    /// Returns the Bearer token of the `Authorization` header (RFC 6750 section 2.1).
    /// - Throws: ``Problem/tokenMissing`` if there is no Bearer token; ``IssuerError`` `tokenInvalid` if there are
    ///   several `Authorization` headers.
    func accessToken() throws -> String {
        do throws(VerificationError) {
            return try BearerCredentials.token(authorization: fields[values: .authorization])
        } catch {
            if error.code == .tokenMissing { throw Problem.tokenMissing }
            throw IssuerError(.tokenInvalid, error.detail)
        }
    }
}
