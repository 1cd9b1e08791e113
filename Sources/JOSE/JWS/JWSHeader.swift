/// The header of an RS256 signature (RFC 7515 §4).
///
/// Only `alg`, `typ`, `kid`, `crit` and `b64` are read. Keys and URLs in `jwk`, `jku`, `x5u` and `x5c` are never used.
package struct JWSHeader: Sendable, Equatable {
    /// `typ` as written in the token; `nil` if the header has no `typ`.
    package let type: String?
    /// `kid` as written in the token; `nil` if the header has no `kid`.
    package let keyID: String?

    package init(type: String?, keyID: String?) {
        self.type = type
        self.keyID = keyID
    }

    /// Reads the JSON of a header.
    ///
    /// The header must be a strict JSON object. `alg` must be the string `RS256`. `typ` and `kid` must be strings if
    /// present. `crit` (RFC 7515 §4.1.11) and `b64` (RFC 7797) are refused.
    ///
    /// - Parameter work: A counter. The number of steps of the JSON scanner is added to it, even if the header is
    ///   refused.
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

/// The parameters of a JWS header, collected while its JSON is scanned, and the first error among them.
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
                if !isRS256 { refuse(.unsupportedAlgorithm, "alg: expected RS256, \(found(value, in: bytes))") }
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

    private func found(_ value: JSONToken, in bytes: Span<UInt8>) -> String {
        guard case .string(let text) = value else { return "found no string" }
        return "found \(PrintableText.quoted(text.string(in: bytes)))"
    }

    private mutating func refuse(_ code: JWSError.Code, _ detail: String) {
        if fault == nil { fault = JWSError(code, detail) }
    }
}

/// Compares media types in `typ` headers.
package enum MediaType {
    /// Whether two `typ` values name the same media type (RFC 7515 §4.1.9).
    ///
    /// The case of ASCII letters is ignored. The prefix `application/` is ignored unless another slash follows.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        if left.isExactly(right) { return true }
        let left = essence(left)
        let right = essence(right)
        return left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
    }

    /// `type` without the prefix `application/`. If there is a second slash after the prefix, `type` is returned
    /// unchanged.
    private static func essence(_ type: String) -> Substring.UTF8View {
        let prefix = "application/".utf8
        let utf8 = type.utf8[...]
        guard utf8.count > prefix.count, zip(utf8, prefix).allSatisfy({ lowercase($0) == $1 }) else { return utf8 }
        let rest = utf8.dropFirst(prefix.count)
        return rest.contains(UInt8(ascii: "/")) ? utf8 : rest
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
