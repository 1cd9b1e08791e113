/// The paths of a Signet issuer's endpoints that this package itself calls. The server and its callers share them.
///
/// The URL of an endpoint is the issuer identifier followed by the path.
package enum IssuerPath {
    package static let keySet = "/.well-known/jwks.json"

    package static let introspection = "/oauth2/introspect"
    package static let revocation = "/oauth2/revoke"
    package static let token = "/oauth2/token"

    package static let login = "/api/login"
    package static let logout = "/api/logout"
    package static let refreshToken = "/api/refresh-token"
}
