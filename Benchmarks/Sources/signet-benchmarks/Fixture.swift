import Foundation
import SignetTesting
import SignetVerifier

/// The tokens to verify and the keys that signed them.
struct Fixture: Sendable {
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// The `iss` and `aud` claims that the programs for the other JWT libraries expect.
    static let issuer = "https://auth.example.test"
    static let audience = "api.example.test"

    /// The token that Signet and every compared library verify.
    let token: String
    /// The JWK set of the one key that signed ``token``.
    let jwks: [UInt8]
    /// Tokens to verify one after the other without a cache hit: four times as many as the default signature cache
    /// holds.
    let freshTokens: [String]
    /// The JWK set of the key that signed ``freshTokens``.
    let freshJWKS: [UInt8]

    /// Creates a new key and signs tokens with the claims of the issuer's access tokens for users.
    init() throws {
        let issuer = try Self.testIssuer()
        try self.init(token: Self.mint(issuer), jwks: issuer.jwks, fresh: issuer)
    }

    /// Reads a token and its JWK set from files that another program wrote.
    init(tokenFile: String, jwksFile: String) throws {
        let token = try String(contentsOfFile: tokenFile, encoding: .utf8)
        try self.init(
            token: token.trimmingCharacters(in: .whitespacesAndNewlines),
            jwks: [UInt8](Data(contentsOf: URL(fileURLWithPath: jwksFile))), fresh: Self.testIssuer())
    }

    private init(token: String, jwks: [UInt8], fresh issuer: TestIssuer) throws {
        self.token = token
        self.jwks = jwks
        freshTokens = try (0..<4096).map { _ in try Self.mint(issuer) }
        freshJWKS = issuer.jwks
    }

    /// The policy that ``token`` meets. It also accepts the `typ` header `JWT`, because one of the compared libraries
    /// accepts no other type.
    func policy() throws -> VerificationPolicy {
        try VerificationPolicy(
            issuer: Self.issuer, audiences: [Self.audience], allowedTypes: .only(["at+jwt", "JWT"]))
    }

    /// The header and payload of ``token`` with a wrong signature of the right length.
    var forgedToken: String {
        let end = token.index(token.endIndex, offsetBy: -20)
        return token[..<end] + (token[end] == "A" ? "B" : "A") + token[end...].dropFirst()
    }

    private static func testIssuer() throws -> TestIssuer { try TestIssuer(issuer: issuer, audience: audience) }

    private static func mint(_ issuer: TestIssuer) throws -> String {
        try issuer.token(
            subject: UUID().uuidString.lowercased(), scopes: ["account", "orders:read", "orders:write"],
            roles: ["customer"], clientID: UUID().uuidString.lowercased(), sessionID: UUID().uuidString.lowercased(),
            lifetime: .seconds(86_400), claims: ["auth_time": .integer(issuer.now().seconds)])
    }
}
