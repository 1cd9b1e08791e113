import JOSE
import RSAVerification

/// Verifies signatures only, for the JWS vectors: no claims, no policy.
enum JWSVerification {
    /// Returns the payload of a token if a usable key in `document` signed it. Without a `kid` all keys are tried.
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
