/// A JWS in compact serialisation (RFC 7515 §7.1), taken apart and decoded but not verified.
package struct CompactJWS: Sendable {
    /// The most bytes that a token may have.
    package static let maximumCount = 16 * 1024
    /// The most bytes that a header may have after decoding.
    package static let maximumHeaderCount = 4 * 1024

    package let header: JWSHeader
    package let payload: [UInt8]
    package let signature: [UInt8]
    /// What the signature covers: this many bytes at the start of the token.
    package let signingInputCount: Int

    /// Takes a token apart.
    ///
    /// The order is fixed: size, shape (exactly three parts, header and signature not empty), encoding of each part,
    /// header. An empty payload is left to the caller.
    ///
    /// - Parameter maximumCount: the most bytes to accept; more than ``maximumCount`` only for what was asked for.
    package init(parsing token: Span<UInt8>, maximumCount: Int = Self.maximumCount) throws(JWSError) {
        var work = 0
        try self.init(parsing: token, maximumCount: maximumCount, work: &work)
    }

    /// Takes a token apart; see ``init(parsing:maximumCount:)``.
    ///
    /// - Parameter work: Grows by how many bytes were looked at or made on the way, also when the token is refused.
    package init(
        parsing token: Span<UInt8>, maximumCount: Int = Self.maximumCount, work: inout Int
    ) throws(JWSError) {
        guard token.count <= maximumCount else {
            throw JWSError(.tooLarge, "token: expected at most \(maximumCount) bytes")
        }
        let (first, second) = try Self.periods(in: token, work: &work)
        guard first > 0, second + 1 < token.count else {
            throw JWSError(.malformedShape, "token: expected a header and a signature that are not empty")
        }
        guard first <= (Self.maximumHeaderCount * 4 + 2) / 3 else {
            throw JWSError(.tooLarge, "header: expected at most \(Self.maximumHeaderCount) bytes")
        }
        guard let header = Base64URL.decode(token.extracting(0..<first), work: &work) else {
            throw Self.badEncoding("header")
        }
        guard let payload = Base64URL.decode(token.extracting(first + 1..<second), work: &work) else {
            throw Self.badEncoding("payload")
        }
        guard let signature = Base64URL.decode(token.extracting(second + 1..<token.count), work: &work) else {
            throw Self.badEncoding("signature")
        }
        self.header = try JWSHeader(parsing: header.span, work: &work)
        self.payload = payload
        self.signature = signature
        signingInputCount = second
    }

    /// Takes a token apart; see ``init(parsing:)``.
    package init(parsing token: [UInt8]) throws(JWSError) {
        try self.init(parsing: token.span)
    }

    /// Where the two periods of a token stand.
    private static func periods(
        in token: Span<UInt8>, work: inout Int
    ) throws(JWSError) -> (first: Int, second: Int) {
        let period = UInt8(ascii: ".")
        let first = token.firstIndex(of: period, from: 0, work: &work)
        let second = if let first { token.firstIndex(of: period, from: first + 1, work: &work) } else { Int?.none }
        guard let first, let second else { throw JWSError(.malformedShape, "token: expected three parts, found fewer") }
        guard token.firstIndex(of: period, from: second + 1, work: &work) == nil else {
            throw JWSError(.malformedShape, "token: expected three parts, found more")
        }
        return (first, second)
    }

    private static func badEncoding(_ part: String) -> JWSError {
        JWSError(.malformedEncoding, "\(part): expected canonical unpadded base64url")
    }
}

extension CompactJWS {
    /// What is to be signed: both parts encoded, with a period between them (RFC 7515 §5.1).
    package static func signingInput(header: JSONObject, payload: JSONObject) -> [UInt8] {
        signingInput(header: header, payload: payload.serialized())
    }

    /// What is to be signed, for a header that was encoded before: its text, a period, the payload encoded.
    package static func signingInput(encodedHeader: [UInt8], payload: [UInt8]) -> [UInt8] {
        encodedHeader + [UInt8(ascii: ".")] + Base64URL.encodedBytes(payload)
    }

    /// What is to be signed, for a payload of any bytes.
    package static func signingInput(header: JSONObject, payload: [UInt8]) -> [UInt8] {
        signingInput(encodedHeader: Base64URL.encodedBytes(header.serialized()), payload: payload)
    }

    /// The token: the signing input, a period, the encoded signature.
    package static func assemble(signingInput: [UInt8], signature: [UInt8]) -> String {
        String(decoding: signingInput + [UInt8(ascii: ".")] + Base64URL.encodedBytes(signature), as: UTF8.self)
    }
}
