// This file parses and assembles compact tokens. It neither makes nor verifies signatures.

/// A JWS in compact serialisation (RFC 7515 §7.1), split and decoded. The signature is not verified.
package struct CompactJWS: Sendable {
    /// The largest accepted token in bytes.
    package static let maximumCount = 16 * 1024
    /// The largest accepted header in bytes, after base64url decoding.
    package static let maximumHeaderCount = 4 * 1024

    package let header: JWSHeader
    package let payload: [UInt8]
    package let signature: [UInt8]
    /// The number of bytes, from the start of the token, that the signature covers (the signing input).
    package let signingInputCount: Int

    /// Splits and decodes a token.
    ///
    /// The checks run in this order: size of the token, number of parts, empty header or signature, size of the header,
    /// base64url of each part, header parameters. An empty payload is accepted.
    ///
    /// - Parameter maximumCount: The largest accepted token in bytes. Raise this limit only for a document that this
    ///   process itself requested, such as a status list.
    package init(parsing token: Span<UInt8>, maximumCount: Int = Self.maximumCount) throws(JWSError) {
        var work = 0
        try self.init(parsing: token, maximumCount: maximumCount, work: &work)
    }

    /// Splits and decodes a token as ``init(parsing:maximumCount:)`` does, and counts the steps.
    ///
    /// - Parameter work: A counter. The number of bytes read and written is added to it, even if the token is refused.
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

    /// Splits and decodes a token; see ``init(parsing:maximumCount:)``.
    package init(parsing token: [UInt8]) throws(JWSError) {
        try self.init(parsing: token.span)
    }

    /// The positions of the two periods of a token.
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
    /// The signing input (RFC 7515 §5.1): encoded header, a period, encoded payload.
    package static func signingInput(header: JSONObject, payload: JSONObject) -> [UInt8] {
        signingInput(header: header, payload: payload.serialized())
    }

    /// The signing input for a header that is base64url text already, and a payload that is not encoded yet.
    package static func signingInput(encodedHeader: [UInt8], payload: [UInt8]) -> [UInt8] {
        encodedHeader + [UInt8(ascii: ".")] + Base64URL.encodedBytes(payload)
    }

    /// The signing input (RFC 7515 §5.1) for a payload that need not be JSON.
    package static func signingInput(header: JSONObject, payload: [UInt8]) -> [UInt8] {
        signingInput(encodedHeader: Base64URL.encodedBytes(header.serialized()), payload: payload)
    }

    /// Returns the compact token: `signingInput`, a period, and `signature` in base64url.
    package static func assemble(signingInput: [UInt8], signature: [UInt8]) -> String {
        String(decoding: signingInput + [UInt8(ascii: ".")] + Base64URL.encodedBytes(signature), as: UTF8.self)
    }
}

/// The error for a token that is not a usable compact JWS (RFC 7515 §5.2). It is thrown before a key is looked up.
package struct JWSError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The token or its header is too long.
        case tooLarge
        /// The token does not have exactly three parts, or its header or signature is empty.
        case malformedShape
        /// A part is not canonical unpadded base64url.
        case malformedEncoding
        /// The header is not a JSON object, or a parameter has the wrong type.
        case malformedHeader
        /// `alg` is not the string `RS256`.
        case unsupportedAlgorithm
        /// The header has `crit` or `b64`, which announce JWS extensions. Signet supports none.
        case unsupportedExtension
    }

    package let code: Code
    /// A text for the operator: the faulty part or parameter, and what was expected. It contains nothing of the token
    /// except the value of `alg`, made printable.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Compares only ``code``.
    package static func == (left: JWSError, right: JWSError) -> Bool { left.code == right.code }

    package var description: String { "JWS error \(code.rawValue): \(detail)" }
}

extension Span<UInt8> {
    /// Returns the index of the first `byte` at or after `start`; `nil` without a match. Adds the number of bytes
    /// examined to `work`.
    func firstIndex(of byte: UInt8, from start: Int, work: inout Int) -> Int? {
        var position = start
        defer { work += position - start }
        // Search blocks of 32 bytes first. The inner loop has no branch per byte, so the compiler uses vector
        // instructions.
        while position &+ 32 <= count {
            var marks: UInt8 = 0
            for offset in 0..<32 {
                // If the byte matches, `difference` is 0, and `(difference - 1) & ~difference` is 0xFF. Otherwise the
                // highest bit of that expression is 0.
                let difference = unsafe self[unchecked: position &+ offset] ^ byte
                marks |= (difference &- 1) & ~difference
            }
            if marks >= 0x80 { break }
            position &+= 32
        }
        while position < count {
            if self[position] == byte { return position }
            position += 1
        }
        return nil
    }
}
