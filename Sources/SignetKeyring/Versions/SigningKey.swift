package import JOSE
import RSASigning
package import RSAVerification
import Synchronization

/// A key pair that signs tokens.
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint of the public key; `kid` in the header of tokens.
    package let keyID: String
    let key: RSAPrivateKey
    private let accessTokenHeader: [UInt8]

    init(keyID: String, key: RSAPrivateKey) {
        self.keyID = keyID
        self.key = key
        accessTokenHeader = Self.header(type: "at+jwt", keyID: keyID)
    }

    /// The compact JWS over `claims` (RFC 7515 §3.1), signed with RS256.
    /// - Parameter type: the `typ` of the header; `nil` for `at+jwt`, the type of an access token.
    /// - Throws: `RSAKeyError` if OpenSSL cannot sign, for example because it is out of memory.
    package func token(with claims: JSONObject, type: String? = nil) throws(RSAKeyError) -> String {
        let header = type.map { Self.header(type: $0, keyID: keyID) } ?? accessTokenHeader
        return try sign(claims.serialized(), header: header)
    }

    /// The access token whose claims set is `payload`, signed with RS256.
    /// - Parameter payload: a JSON object, encoded.
    /// - Throws: `RSAKeyError` if OpenSSL cannot sign, for example because it is out of memory.
    package func accessToken(payload: [UInt8]) throws(RSAKeyError) -> String {
        try sign(payload, header: accessTokenHeader)
    }

    private func sign(_ payload: [UInt8], header: [UInt8]) throws(RSAKeyError) -> String {
        let input = CompactJWS.signingInput(encodedHeader: header, payload: payload)
        return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
    }

    private static func header(type: String, keyID: String) -> [UInt8] {
        let header: JSONObject = ["alg": "RS256", "typ": .string(type), "kid": .string(keyID)]
        return Base64URL.encodedBytes(header.serialized())
    }
}

/// Generates signing keys. Keeps one generated key in reserve for the next change, because generating a key takes
/// tenths of a second.
final class SigningKeyGenerator: Sendable {
    private let prepared = Mutex<RSAPrivateKey?>(nil)

    /// Makes sure that a key is in reserve that `document` does not contain yet.
    /// - Throws: `generationFailed` if OpenSSL cannot generate a key.
    func prepare(for document: KeyringDocument) throws(KeyringError) { _ = try key(for: document) }

    /// The key in reserve, to be added to `document`. If no key is in reserve, or if `document` contains the key in
    /// reserve already, generates a new key and keeps the new key in reserve.
    ///
    /// If the keyring cannot be written, the key stays in reserve for the next try. After a successful write, call
    /// ``forget(ifKnownTo:)``.
    /// - Throws: `generationFailed` if OpenSSL cannot generate a key.
    func key(for document: KeyringDocument) throws(KeyringError) -> RSAPrivateKey {
        try prepared.withLock { prepared throws(KeyringError) in
            if let prepared, !document.knows(PrivateKeyFile.keyID(of: prepared)) { return prepared }
            let key = try Self.generate()
            prepared = key
            return key
        }
    }

    /// Discards the key in reserve if `document` already contains it.
    func forget(ifKnownTo document: KeyringDocument) {
        prepared.withLock { prepared in
            if let key = prepared, document.knows(PrivateKeyFile.keyID(of: key)) { prepared = nil }
        }
    }

    /// A new key pair of 2048 bits.
    /// - Throws: `generationFailed` if OpenSSL cannot generate a key.
    static func generate() throws(KeyringError) -> RSAPrivateKey {
        do {
            while true {
                let key = try RSAPrivateKey.generate()
                // One key ID in 64 begins with a dash, which commands would read as the start of an option. Discard
                // such a key.
                if !PrivateKeyFile.keyID(of: key).hasPrefix("-") { return key }
            }
        } catch {
            throw KeyringError(.generationFailed, "a signing key could not be generated: \(error)")
        }
    }
}
