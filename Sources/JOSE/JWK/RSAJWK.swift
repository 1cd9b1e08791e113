/// A public RSA key for RS256 signatures, as a JWK (RFC 7517, RFC 7518 §6.3).
///
/// The modulus and the exponent are big-endian without leading zeros. This type does not check their sizes.
package struct RSAJWK: Sendable, Hashable {
    package let modulus: [UInt8]
    package let exponent: [UInt8]
    /// The member `kid` of the JWK; `nil` if the JWK has no `kid`.
    package let keyID: String?

    package init(modulus: [UInt8], exponent: [UInt8], keyID: String?) {
        self.modulus = modulus
        self.exponent = exponent
        self.keyID = keyID
    }

    /// Reads a key that can verify RS256 signatures.
    ///
    /// `kty` must be `RSA`. `n` and `e` must be canonical base64url without leading zero bytes. `kid` must be a string
    /// if present. If present, `use` must be `sig`, `alg` must be `RS256`, and `key_ops` must be an array of distinct
    /// strings that includes `verify` (RFC 7517 §4.2 to §4.4). Private and unknown members are ignored and not stored.
    package init(_ object: JSONObject) throws(JWKError) {
        var work = 0
        try self.init(object, work: &work)
    }

    /// Reads a key as ``init(_:)`` does, and counts the steps.
    ///
    /// - Parameter work: A counter. Each of seven lookups adds the number of members of `object`, and base64url
    ///   decoding adds its steps.
    package init(_ object: JSONObject, work: inout Int) throws(JWKError) {
        work += 7 * object.count
        guard let type = object["kty"]?.string else { throw JWKError(.malformedKey, "kty: expected a string") }
        guard type.isExactly("RSA") else {
            throw JWKError(.unsupportedType, "kty: expected RSA, found \(PrintableText.quoted(type))")
        }
        if let use = object["use"], use != "sig" {
            throw JWKError(.notForVerification, "use: expected sig or nothing")
        }
        if let algorithm = object["alg"], algorithm != "RS256" {
            throw JWKError(
                .notForVerification,
                "alg: expected RS256 or nothing, found \(algorithm.string.map { PrintableText.quoted($0) } ?? "no string")"
            )
        }
        if let operations = object["key_ops"] { try Self.check(operations) }
        modulus = try Self.integer("n", of: object, work: &work)
        exponent = try Self.integer("e", of: object, work: &work)
        switch object["kid"] {
        case nil: keyID = nil
        case .string(let string)?: keyID = string
        default: throw JWKError(.malformedKey, "kid: expected a string or nothing")
        }
    }

    private static func check(_ operations: JSONValue) throws(JWKError) {
        guard let array = operations.array else { throw JWKError(.malformedKey, "key_ops: expected an array") }
        // Allow unknown operations too: RFC 7517 section 4.3 defines only eight, and the limit is sixteen.
        guard array.count <= 16, array.allSatisfy({ $0.string != nil }), Set(array).count == array.count else {
            throw JWKError(.malformedKey, "key_ops: expected at most 16 distinct strings")
        }
        guard array.contains("verify") else {
            throw JWKError(.notForVerification, "key_ops: expected verify among them, or nothing")
        }
    }

    private static func integer(
        _ name: String, of object: JSONObject, work: inout Int
    ) throws(JWKError) -> [UInt8] {
        guard let text = object[name]?.string, let bytes = Base64URL.decode(text.utf8Span.span, work: &work),
            let first = bytes.first,
            first != 0
        else { throw JWKError(.malformedKey, "\(name): expected base64url of a positive integer in the fewest bytes") }
        return bytes
    }
}

extension RSAJWK {
    /// The key as published: `kty`, `use`, `alg`, `kid` (if present), `n`, `e`.
    package var json: JSONObject {
        var object: JSONObject = ["kty": "RSA", "use": "sig", "alg": "RS256"]
        if let keyID { object["kid"] = .string(keyID) }
        object["n"] = .string(Base64URL.encode(modulus))
        object["e"] = .string(Base64URL.encode(exponent))
        return object
    }

    /// The input of the RFC 7638 thumbprint hash: `e`, `kty` and `n` in this order, without whitespace.
    package var thumbprintInput: [UInt8] {
        let required: JSONObject = [
            "e": .string(Base64URL.encode(exponent)), "kty": "RSA", "n": .string(Base64URL.encode(modulus)),
        ]
        return required.serialized()
    }
}
