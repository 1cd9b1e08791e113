import JOSE
import RSAVerification
import SignetKeyring

/// The secret of a client: `scs_` and the base64url of 256 random bits. The store keeps a hash.
///
/// The hash is a fast one, because nobody can guess 256 random bits.
enum ClientSecret {
    private static let prefix = "scs_"

    static func random() -> String { prefix + Base64URL.encode(SecureRandom.bytes(32)) }

    /// SHA-256 of the secret's UTF-8: the bytes that the store keeps.
    static func hash(_ secret: String) -> [UInt8] { SHA256.digest(Array(secret.utf8)) }
}
