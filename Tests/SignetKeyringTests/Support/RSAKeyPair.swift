import RSASigning
import RSAVerification
import SignetStore

@testable import SignetKeyring

/// A key pair with the name it would have in a keyring.
struct RSAKeyPair {
    let key: RSAPrivateKey
    let kid: String

    static func make() throws -> RSAKeyPair {
        let key = try RSAPrivateKey.generate()
        return RSAKeyPair(key: key, kid: PrivateKeyFile.kid(of: key))
    }

    func record(activatesAt: Timestamp, retiresAt: Timestamp? = nil, removedAt: Timestamp? = nil) -> KeyRecord {
        KeyRecord(
            kid: kid, modulus: key.publicKey.modulus, exponent: key.publicKey.exponent, createdAt: activatesAt,
            activatesAt: activatesAt, retiresAt: retiresAt, removedAt: removedAt)
    }
}
