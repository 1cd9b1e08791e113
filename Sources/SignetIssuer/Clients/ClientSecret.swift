import JOSE
import RSAVerification

/// The secret of a client: 256 random bits, written as `scs_` and base64url. Only its hash is kept.
///
/// With that many random bits a fast hash is as good as a slow one: there is nothing to guess.
enum ClientSecret {
    private static let prefix = "scs_"

    /// A new secret.
    static func random() -> String { prefix + Base64URL.encode(SecureRandom.bytes(32)) }

    /// What the store keeps: SHA-256 of the text's UTF-8.
    static func hash(_ secret: String) -> [UInt8] { SHA256.digest(Array(secret.utf8)) }
}
