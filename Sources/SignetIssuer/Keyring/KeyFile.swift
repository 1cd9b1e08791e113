import RSASigning
import RSAVerification

/// The file of one private key: PKCS#8 in PEM, named after its kid.
struct KeyFile: Sendable {
    static let suffix = ".pem"

    let kid: String

    var name: String { kid + Self.suffix }

    /// - Throws: `corrupt` when the file is missing, no key, or the key of another kid; `insecureMode`; `inaccessible`.
    func read(from files: KeyringDirectory) throws(KeyringError) -> RSAPrivateKey {
        let path = "\(files.path)/\(name)"
        guard let bytes = try files.read(name, .secret) else {
            throw KeyringError(.corrupt, "\(path) is missing; restore it from a backup")
        }
        let key: RSAPrivateKey
        do {
            key = try RSAPrivateKey(pem: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw KeyringError(.corrupt, "\(path) holds no usable RSA private key (\(error)); restore it from a backup")
        }
        guard Self.kid(of: key) == kid else {
            throw KeyringError(.corrupt, "\(path) holds the key of another kid; restore it from a backup")
        }
        return key
    }

    /// The RFC 7638 thumbprint of the public half.
    static func kid(of key: RSAPrivateKey) -> String {
        KeyringDocument.kid(modulus: key.publicKey.modulus, exponent: key.publicKey.exponent)
    }
}
