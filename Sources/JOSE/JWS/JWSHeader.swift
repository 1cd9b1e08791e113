/// The header of an RS256 signature (RFC 7515 §4): what a verifier may act on, and nothing else.
///
/// `jwk`, `jku`, `x5u`, `x5c` and every other parameter not named here are ignored, never used and never fetched.
package struct JWSHeader: Sendable, Equatable {
    /// `typ`, as written.
    package let type: String?
    /// `kid`, as written.
    package let keyID: String?

    package init(type: String?, keyID: String?) {
        self.type = type
        self.keyID = keyID
    }

    /// Reads the JSON of a header.
    ///
    /// Refused are: JSON that is not strictly an object, an `alg` other than exactly the string `RS256`, any `crit`
    /// (RFC 7515 §4.1.11), any `b64` (RFC 7797), a `typ` or `kid` that is not a string.
    ///
    /// - Parameter work: Grows by what the JSON reader did, also when the header is refused.
    package init(parsing bytes: Span<UInt8>, work: inout Int) throws(JWSError) {
        var parameters = Parameters()
        do throws(JSONError) {
            try parameters.read(bytes, work: &work)
        } catch {
            throw JWSError(.malformedHeader, "header: \(error)")
        }
        if let fault = parameters.fault { throw fault }
        guard parameters.isRS256 else { throw JWSError(.unsupportedAlgorithm, "alg: missing, expected RS256") }
        self.init(type: parameters.type, keyID: parameters.keyID)
    }
}

/// The parameters as they come by, and the first thing wrong with them.
private struct Parameters {
    var isRS256 = false
    var type: String?
    var keyID: String?
    var fault: JWSError?

    mutating func read(_ bytes: Span<UInt8>, work: inout Int) throws(JSONError) {
        var scanner = JSONScanner()
        defer { work += scanner.work }
        guard try scanner.next(in: bytes) == .beginObject else { throw JSONError(.notAnObject, at: 0) }
        while case .name(let name) = try scanner.next(in: bytes) {
            let value = try scanner.next(in: bytes)
            if name.isExactly("alg", in: bytes) {
                isRS256 = value.isExactly("RS256", in: bytes)
                if !isRS256 { refuse(.unsupportedAlgorithm, "alg: expected the string RS256") }
            } else if name.isExactly("kid", in: bytes) {
                keyID = string(value, of: "kid", in: bytes)
            } else if name.isExactly("typ", in: bytes) {
                type = string(value, of: "typ", in: bytes)
            } else if name.isExactly("crit", in: bytes) {
                refuse(.unsupportedExtension, "crit: expected none")
            } else if name.isExactly("b64", in: bytes) {
                refuse(.unsupportedExtension, "b64: expected none")
            }
            try scanner.skipValue(startingWith: value, in: bytes)
        }
        _ = try scanner.next(in: bytes)
    }

    private mutating func string(_ value: JSONToken, of parameter: String, in bytes: Span<UInt8>) -> String? {
        guard case .string(let text) = value else {
            refuse(.malformedHeader, "\(parameter): expected a string")
            return nil
        }
        return text.string(in: bytes)
    }

    private mutating func refuse(_ code: JWSError.Code, _ detail: String) {
        if fault == nil { fault = JWSError(code, detail) }
    }
}
