// The folder Tokens makes access tokens, verifies them and looks up their status. Refresh tokens are in the folder
// Families.

import JOSE
import SignetKeyring
import SignetStore

/// Makes signed access tokens (JWTs, RFC 9068) without personal data.
struct AccessTokenMint: Sendable {
    private let issuer: String
    private let audience: String
    private let lifetime: Int64
    private let keyring: Keyring
    private let statusLists: StatusListLocation?
    /// `iss` of all tokens. The claim is encoded once and not for every token.
    private let issuerClaim: ClaimsWriter.Member
    /// `aud` of tokens for the issuer's own audience alone. The claim is encoded once and not for every token.
    private let audienceClaim: ClaimsWriter.Member

    /// Creates a mint for the access tokens of one issuer.
    /// - Parameters:
    ///   - issuer: the `iss` claim.
    ///   - audience: the issuer's own audience, which most tokens of users have.
    ///   - lifetime: lifetime of a token, cut to whole seconds, at least 1 second.
    ///   - statusLists: the URLs for the `status` claim. `nil` means that tokens have no such claim.
    init(issuer: String, audience: String, lifetime: Duration, statusLists: StatusListLocation?, keyring: Keyring) {
        self.issuer = issuer
        self.audience = audience
        self.lifetime = max(1, lifetime.components.seconds)
        self.statusLists = statusLists
        self.keyring = keyring
        issuerClaim = ClaimsWriter.Member("iss", .string(issuer))
        audienceClaim = ClaimsWriter.Member("aud", .string(audience))
    }

    /// Makes an access token for the user of a family (session). The token expires before or together with the family,
    /// and at the `tokensExpireAt` of the family's status list entry at the latest. If less than a second is left, the
    /// token is already expired and its `expiresIn` is 0.
    /// - Parameters:
    ///   - scope: the family's scope or a part of it. An empty text means no scope.
    ///   - audiences: at least one. One audience makes `aud` a string; several make it an array (RFC 7519 §4.1.3).
    func token(
        for family: FamilyRecord, of user: UserRecord, scope: String, audiences: [String], at now: Timestamp
    ) throws(IssuerError) -> AccessTokenResponse {
        let issuedAt = now.seconds
        // The status list shows a revoked session only until `tokensExpireAt`, plus verifiers' leeway. The token must
        // therefore expire by then, even if an operator has raised `lifetime` since the entry was written.
        let end = min(family.expiresAt, family.statusListEntry?.tokensExpireAt ?? family.expiresAt).seconds
        let expiresAt = min(issuedAt + lifetime, end)
        var claims = ClaimsWriter(capacity: 640)
        claims.append(issuerClaim)
        claims.append("sub", plain: user.id.description)
        if audiences == [audience] {
            claims.append(audienceClaim)
        } else {
            claims.append("aud", Self.value(ofAudiences: audiences))
        }
        claims.append("exp", expiresAt)
        claims.append("iat", issuedAt)
        claims.append("jti", plain: Base64URL.encode(SecureRandom.bytes(16)))
        claims.append("client_id", plain: family.clientID?.description ?? FirstParty.clientID)
        claims.append("sid", plain: family.id.description)
        if !scope.isEmpty { claims.append("scope", .string(scope)) }
        claims.append("auth_time", family.authenticatedAt.seconds)
        if let entry = family.statusListEntry, let statusLists {
            claims.append("status", statusLists.reference(to: entry.index))
        }
        if !user.roles.isEmpty { claims.append("roles", .array(user.roles.map { .string($0) })) }
        return AccessTokenResponse(
            accessToken: try keyring.requireSigningKey(at: now).signedAccessToken(payload: claims.finish()),
            expiresIn: max(0, expiresAt - issuedAt), scope: scope)
    }

    /// Makes an access token that a client gets for itself (RFC 6749 §4.4). Its `sub` is the client id (RFC 9068 §2.2).
    /// - Parameters:
    ///   - scope: space-separated values. An empty text means no scope.
    ///   - audiences: at least one. One audience makes `aud` a string; several make it an array (RFC 7519 §4.1.3).
    func token(
        for client: Client, scope: String, audiences: [String], at now: Timestamp
    ) throws(IssuerError) -> AccessTokenResponse {
        let issuedAt = now.seconds
        let clientID = client.id.description
        var claims = claims(
            subject: clientID, audience: Self.value(ofAudiences: audiences), issuedAt: issuedAt,
            expiresAt: issuedAt + lifetime)
        claims["client_id"] = .string(clientID)
        claims["scope"] = scope.isEmpty ? nil : .string(scope)
        return AccessTokenResponse(
            accessToken: try keyring.requireSigningKey(at: now).signedToken(with: claims), expiresIn: lifetime,
            scope: scope)
    }

    private static func value(ofAudiences audiences: [String]) -> JSONValue {
        let names = audiences.map { JSONValue.string($0) }
        return names.count == 1 ? names[0] : .array(names)
    }

    private func claims(subject: String, audience: JSONValue, issuedAt: Int64, expiresAt: Int64) -> JSONObject {
        [
            "iss": .string(issuer),
            "sub": .string(subject),
            "aud": audience,
            "exp": .integer(expiresAt),
            "iat": .integer(issuedAt),
            "jti": .string(Base64URL.encode(SecureRandom.bytes(16))),
        ]
    }
}

/// An access token and the fields of a token response that describe it (RFC 6749 §5.1).
package struct AccessTokenResponse: Sendable, Hashable {
    package let accessToken: String
    /// Seconds until the token expires.
    package let expiresIn: Int64
    /// The scope of the token, space-separated. An empty text means no scope.
    package let scope: String
}

/// The issuer's own app, which logs users in through `/api`. It is not a registered client.
package enum FirstParty {
    /// The `client_id` of first-party tokens. No registered client has this id, because registered ids are UUIDs.
    package static let clientID = "first-party"
    /// The scope that a login grants if it requests no other. The issuer's own `/api` requires it.
    package static let scope = "account"
}
