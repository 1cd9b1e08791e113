import JOSE
import RSAVerification

/// Verifies only the signature of a JWS, for the test vectors. Does not check claims or policy.
enum JWSVerification {
    /// Returns the payload of `token` if a key in the JWKS `document` verifies its signature; otherwise `nil`. If the
    /// token has a `kid`, tries only the keys with this `kid`.
    static func payload(of token: String, document: [UInt8]) -> [UInt8]? {
        let bytes = Array(token.utf8)
        guard let jws = try? CompactJWS(parsing: bytes), let set = try? JWKSet(parsing: document) else { return nil }
        let isSigned = set.keys.contains { key in
            if let keyID = jws.header.keyID, key.keyID?.isExactly(keyID) != true { return false }
            let key = try? RSAPublicKey(modulus: key.modulus, exponent: key.exponent)
            return (try? key?.isValidSignature(jws.signature, for: Array(bytes[..<jws.signingInputCount]))) ?? false
        }
        return isSigned ? jws.payload : nil
    }
}
