import JOSE

/// What a token says, read once and strictly: the registered claims by their place in the payload.
///
/// Nothing is copied out of the payload until somebody asks for it.
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
    /// - Throws: ``VerificationError`` with `malformedClaims` when `payload` is not strictly a JSON object or when a
    ///   registered claim has a type of its own: `iss, sub, jti, client_id, sid, scope` are strings, `aud` is a string or
    ///   an array of strings, `exp, nbf, iat, auth_time` are numbers. `null` is none of these.
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

    /// The string at `text`.
    func string(_ text: JSONText) -> String {
        let payload = payload
        return text.string(in: payload.span)
    }

    /// Whether `text` is exactly `expected`, byte for byte.
    func isExactly(_ text: JSONText, _ expected: String) -> Bool {
        guard text.count == expected.utf8.count else { return false }
        guard !text.isEscaped else { return string(text).isExactly(expected) }
        let payload = payload
        let found = payload.span.extracting(text.range)
        let wanted = expected.utf8Span.span
        var difference: UInt8 = 0
        // Both are as long as `text` says. Without a branch on each byte the loop runs sixteen bytes at a time.
        for index in found.indices { difference |= unsafe found[unchecked: index] ^ wanted[unchecked: index] }
        return difference == 0
    }

    /// The claim called `name` as a JSON value; found by reading the payload again.
    func value(of name: String) -> JSONValue? {
        let payload = payload
        let bytes = payload.span
        var scanner = JSONScanner()
        // The payload has been read in full before, so nothing can be thrown here.
        guard (try? scanner.next(in: bytes)) == .beginObject else { return nil }
        while case .name(let candidate)? = try? scanner.next(in: bytes) {
            if isExactly(candidate, name) { return try? scanner.value(in: bytes) }
            guard (try? scanner.skipValue(in: bytes)) != nil else { return nil }
        }
        return nil
    }
}
