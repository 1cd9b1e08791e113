// This folder reads tokens without verifying them, and chooses the verifier for a token. It does not decide whether a
// token is valid.

public import JOSE

/// The header and the claims of a token that was not verified. Anybody may have made them up.
///
/// Use it to look at a token, for example in a log or to find out which issuer to ask. Never grant anything because of
/// it: only ``Verifier/verify(_:)`` and ``IssuerRouter/verify(_:)`` return what may be trusted, a ``VerifiedToken``. No
/// method of this package accepts an `UnverifiedToken`.
public struct UnverifiedToken: Sendable {
    /// The token's header, unverified. It may have any `alg`.
    public let unverifiedHeader: JSONObject
    /// The token's claims, unverified.
    public let unverifiedClaims: JSONObject

    /// Reads a token without checking its signature, its algorithm or its claims.
    ///
    /// - Throws: ``VerificationError`` with `tokenTooLarge` for more than 16 KiB; `malformedToken` unless the token has
    ///   three parts, of which the first two are canonical base64url; `malformedHeader` or `malformedClaims` if the
    ///   header or the claims are not a strict JSON object.
    public init(peekingAt token: String) throws(VerificationError) {
        let parts = try TokenParts(token)
        do {
            unverifiedHeader = try JSONObject(parsing: parts.header)
        } catch {
            throw VerificationError(.malformedHeader, "header: \(error)")
        }
        do {
            unverifiedClaims = try JSONObject(parsing: parts.payload)
        } catch {
            throw VerificationError(.malformedClaims, "payload: \(error)")
        }
    }
}

/// The decoded header and payload of a token, unverified.
struct TokenParts {
    let header: [UInt8]
    let payload: [UInt8]

    /// Decodes the header and the payload of a compact JWS. Does not decode the signature.
    /// - Throws: `tokenTooLarge` for more than ``TokenSize/maximum`` bytes; `malformedToken` unless there are three parts
    ///   and the first two are canonical base64url.
    init(_ token: String) throws(VerificationError) {
        try TokenSize.require(token)
        let bytes = token.utf8Span.span
        var periods: [Int] = []
        for index in bytes.indices where bytes[index] == UInt8(ascii: ".") {
            periods.append(index)
            guard periods.count <= 2 else { break }
        }
        guard periods.count == 2, periods[0] > 0 else {
            throw VerificationError(.malformedToken, "token: expected three parts")
        }
        guard let header = Base64URL.decode(bytes.extracting(0..<periods[0])),
            let payload = Base64URL.decode(bytes.extracting(periods[0] + 1..<periods[1]))
        else { throw VerificationError(.malformedToken, "token: expected canonical unpadded base64url") }
        self.header = header
        self.payload = payload
    }

    /// The unverified claim `iss`; `nil` if it is missing or is not a string. The payload after the claim is not
    /// parsed.
    var unverifiedIssuer: String? {
        let payload = payload
        let bytes = payload.span
        var scanner = JSONScanner()
        guard (try? scanner.next(in: bytes)) == .beginObject else { return nil }
        while case .name(let name)? = try? scanner.next(in: bytes) {
            guard let value = try? scanner.next(in: bytes) else { return nil }
            if name.isExactly("iss", in: bytes) {
                guard case .string(let text) = value else { return nil }
                return text.string(in: bytes)
            }
            guard (try? scanner.skipValue(startingWith: value, in: bytes)) != nil else { return nil }
        }
        return nil
    }
}
