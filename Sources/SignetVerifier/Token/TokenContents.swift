// This file parses the payload of a token. It checks no signature and no policy.

import JOSE

/// The content of a token, parsed strictly and only once. A registered string claim is stored as its position in the
/// payload.
///
/// A string is copied out of the payload only when a caller asks for it.
final class TokenContents: Sendable {
    enum Audience: Sendable {
        case absent
        case one(JSONText)
        case several([JSONText])
    }

    let header: JWSHeader
    let payload: [UInt8]
    let issuer: JSONText?
    let subject: JSONText?
    let audience: Audience
    let tokenID: JSONText?
    let clientID: JSONText?
    let sessionID: JSONText?
    let scope: JSONText?
    let expiresAt: Double?
    let notBefore: Double?
    let issuedAt: Double?
    let authTime: Double?
    let status: StatusListReference

    /// Reads a claims set (RFC 7519 section 7.2).
    ///
    /// `iss`, `sub`, `jti`, `client_id`, `sid` and `scope` must be strings, `aud` a string or an array of strings,
    /// `exp`, `nbf`, `iat` and `auth_time` numbers. `null` is not allowed for any of them.
    ///
    /// - Throws: ``VerificationError`` with `malformedClaims` if `payload` is not a strict JSON object or a registered
    ///   claim has the wrong type.
    init(header: JWSHeader, payload: [UInt8]) throws(VerificationError) {
        let reading: ClaimsReading
        do {
            reading = try ClaimsReading(payload.span)
        } catch {
            throw VerificationError(.malformedClaims, "payload: \(error)")
        }
        self.header = header
        self.payload = payload
        issuer = reading.issuer
        subject = reading.subject
        audience = reading.audience
        tokenID = reading.tokenID
        clientID = reading.clientID
        sessionID = reading.sessionID
        scope = reading.scope
        expiresAt = reading.expiresAt
        notBefore = reading.notBefore
        issuedAt = reading.issuedAt
        authTime = reading.authTime
        status = reading.status
    }

    /// Returns the string that is at the position `text` in the payload.
    func string(_ text: JSONText) -> String {
        let payload = payload
        return text.string(in: payload.span)
    }

    /// Whether the string at the position `text` in the payload equals `expected` byte by byte.
    func isExactly(_ text: JSONText, _ expected: String) -> Bool {
        guard text.count == expected.utf8.count else { return false }
        guard !text.isEscaped else { return string(text).isExactly(expected) }
        let payload = payload
        let found = payload.span.extracting(text.range)
        let wanted = expected.utf8Span.span
        var difference: UInt8 = 0
        // Unchecked access is safe: `found` and `wanted` both have `text.count` bytes. The loop has no branch per byte,
        // so the compiler uses vector instructions.
        for index in found.indices { difference |= unsafe found[unchecked: index] ^ wanted[unchecked: index] }
        return difference == 0
    }

    /// Returns the value of the claim `name`; `nil` if the token has no such claim. Every call scans the payload up to
    /// the claim.
    func value(of name: String) -> JSONValue? {
        let payload = payload
        let bytes = payload.span
        var scanner = JSONScanner()
        // The scanner cannot throw here, because the initialiser has already read the whole payload without an error.
        guard (try? scanner.next(in: bytes)) == .beginObject else { return nil }
        while case .name(let candidate)? = try? scanner.next(in: bytes) {
            if isExactly(candidate, name) { return try? scanner.value(in: bytes) }
            guard (try? scanner.skipValue(in: bytes)) != nil else { return nil }
        }
        return nil
    }
}

extension TokenContents {
    /// Throws `insufficientScope` unless the token has all scopes in `required`.
    func requireScopes(_ required: [String]) throws(VerificationError) {
        guard !required.isEmpty else { return }
        let granted = scope.map(string) ?? ""
        for name in required where !Self.list(granted, names: name) {
            throw VerificationError(
                .insufficientScope,
                "scope: expected all of \(PrintableText.quoted(required)), found \(PrintableText.quoted(granted))",
                scopes: Set(required))
        }
    }

    /// All claims of the token, in the order of the payload.
    var claims: JSONObject {
        // Parsing cannot throw here, because the initialiser has already read the whole payload without an error.
        (try? JSONObject(parsing: payload)) ?? JSONObject()
    }

    /// Whether the space-separated list (RFC 6749 section 3.3) contains `name`, compared byte by byte.
    private static func list(_ list: String, names name: String) -> Bool {
        list.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(name.utf8) }
    }
}
