import JOSE

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An access token that passed all checks: its header and its claims.
public struct VerifiedToken: Sendable {
    let contents: TokenContents

    init(_ contents: TokenContents) { self.contents = contents }

    /// `kid`: the ID of the key that signed the token; `nil` if the header has no `kid`.
    public var keyID: String? { contents.header.keyID }

    /// `typ` as written in the token's header; `nil` if the header has no `typ`.
    public var type: String? { contents.header.type }

    /// `iss`: the issuer of the token. Empty only if the policy requires no issuer.
    public var issuer: String { contents.issuer.map(contents.string) ?? "" }

    /// `sub`: the user or client that the token is about; `nil` only if the policy does not require it.
    public var subject: String? { contents.subject.map(contents.string) }

    /// `aud`: the services that the token is for.
    public var audience: Set<String> {
        switch contents.audience {
        case .absent: []
        case .one(let text): [contents.string(text)]
        case .several(let texts): Set(texts.map(contents.string))
        }
    }

    /// `exp`: the time from which the token is refused; `nil` only if the policy does not require it.
    public var expiresAt: NumericDate? { contents.expiresAt.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `nbf`: the time before which the token is refused; `nil` if the token has no `nbf`.
    public var notBefore: NumericDate? { contents.notBefore.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `iat`: the time at which the token was issued; `nil` if the token has no `iat`.
    public var issuedAt: NumericDate? { contents.issuedAt.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `jti`: the unique identifier of the token; `nil` if the token has no `jti`.
    public var tokenID: String? { contents.tokenID.map(contents.string) }

    /// `client_id`: the client that the token was issued to (RFC 9068 section 2.2); `nil` if the token has no
    /// `client_id`.
    public var clientID: String? { contents.clientID.map(contents.string) }

    /// `sid`: the session to which the token belongs; `nil` if the token has no `sid`.
    public var sessionID: String? { contents.sessionID.map(contents.string) }

    /// `auth_time`: the time at which the user logged in; `nil` if the token has no `auth_time`.
    public var authTime: NumericDate? { contents.authTime.map(NumericDate.init(secondsSinceEpoch:)) }

    /// The scopes in the claim `scope`; empty if the token has no `scope`.
    public var scopes: Set<String> {
        // Split the UTF-8 bytes. A space and a following combining mark form one `Character`, so `String.split` would
        // not find that space.
        let names = (contents.scope.map(contents.string) ?? "").utf8.split(separator: UInt8(ascii: " "))
        return Set(names.map { String($0) ?? "" })
    }

    /// The strings in `roles`; empty if `roles` is missing or is not an array of strings.
    public var roles: [String] {
        guard let values = self["roles"]?.array else { return [] }
        let roles = values.compactMap(\.string)
        return roles.count == values.count ? roles : []
    }

    /// The value of the claim `claim`; `nil` if the token has no such claim. Every access scans the payload up to the
    /// claim.
    public subscript(_ claim: String) -> JSONValue? { contents.value(of: claim) }

    /// All claims of the token, in the order of the payload. Every access parses the payload.
    public var claims: JSONObject { contents.claims }

    /// The signed payload of the token as JSON bytes.
    public var payload: [UInt8] { contents.payload }

    /// Throws unless the token has all of `scopes`.
    ///
    /// - Throws: ``VerificationError`` with `insufficientScope`. The error's ``VerificationError/challenge`` names all
    ///   of `scopes`.
    public func require(scopes: Set<String>) throws(VerificationError) {
        do {
            try contents.requireScopes(scopes.sorted())
        } catch {
            throw error.about(self)
        }
    }
}

extension VerifiedToken {
    /// Decodes the claims into a type of the caller. A property of type `Date` or ``NumericDate`` is read from a number
    /// of seconds since 1970.
    ///
    /// - Throws: ``VerificationError`` with `missingClaim` if a claim is missing or `null`; with `malformedClaims` if a
    ///   claim has the wrong type, or if an object has two names that are canonically equivalent in Unicode. The detail
    ///   names the path of the claim, for example `tenant.seats[0]`. If `Claims` throws a ``VerificationError`` while
    ///   decoding, that error.
    public func decode<Claims: Decodable>(as type: Claims.Type = Claims.self) throws(VerificationError) -> Claims {
        // Signet's JSON parser compares names byte by byte. `JSONDecoder` compares names as `String`; the Kelvin sign,
        // for example, equals `K`. If an object has two names that are equal as `String`, `JSONDecoder` would silently
        // drop one of them.
        guard JSONValue.object(claims).namesAreDistinctStrings else {
            throw VerificationError(
                .malformedClaims, "payload: two members of an object have canonically equivalent names"
            ).about(self)
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        do {
            return try decoder.decode(type, from: Data(payload))
        } catch let error as VerificationError {
            throw error.about(self)
        } catch let error as DecodingError {
            throw VerificationError(decoding: error).about(self)
        } catch {
            throw VerificationError(
                .malformedClaims, "payload: \(type) cannot be decoded: its initialiser threw \(Swift.type(of: error))"
            ).about(self)
        }
    }
}

extension JSONValue {
    /// Whether no object in this value has two names that are equal as `String`, which treats canonically equivalent
    /// spellings as equal.
    fileprivate var namesAreDistinctStrings: Bool {
        switch self {
        case .object(let object):
            Set(object.members.map(\.name)).count == object.count
                && object.members.allSatisfy { $0.value.namesAreDistinctStrings }
        case .array(let values): values.allSatisfy(\.namesAreDistinctStrings)
        default: true
        }
    }
}
