import RSASigning
import RSAVerification
import SignetStore

@testable import SignetKeyring

/// An RSA key pair and its key ID.
struct RSAKeyPair {
    let key: RSAPrivateKey
    let keyID: String

    static func make() throws -> RSAKeyPair {
        let key = try RSAPrivateKey.generate()
        return RSAKeyPair(key: key, keyID: PrivateKeyFile.keyID(of: key))
    }

    func record(activatesAt: Timestamp, retiresAt: Timestamp? = nil, removedAt: Timestamp? = nil) -> KeyRecord {
        KeyRecord(
            keyID: keyID, modulus: key.publicKey.modulus, exponent: key.publicKey.exponent, createdAt: activatesAt,
            activatesAt: activatesAt, retiresAt: retiresAt, removedAt: removedAt)
    }
}
