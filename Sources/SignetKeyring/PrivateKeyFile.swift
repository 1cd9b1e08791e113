import RSASigning
import RSAVerification

/// The file of one private key: PKCS#8 in PEM, named after its kid.
struct PrivateKeyFile: Sendable {
    static let suffix = ".pem"
    /// Characters of an RFC 7638 thumbprint in base64url.
    private static let kidLength = 43

    let kid: String
    /// Which writing of all secret files it belongs to; see ``KeyringEncryption``.
    let generation: Int64

    init(kid: String, generation: Int64 = 0) {
        self.kid = kid
        self.generation = generation
    }

    /// Takes a name that ``name`` makes; `nil` for any other.
    init?(name: String) {
        guard name.hasSuffix(Self.suffix) else { return nil }
        let parts = name.dropLast(Self.suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts[0].utf8.count == Self.kidLength,
            let generation = parts.count == 1 ? 0 : Int64(parts[1])
        else { return nil }
        self.init(kid: String(parts[0]), generation: generation)
        guard name == self.name else { return nil }
    }

    var name: String { generation == 0 ? kid + Self.suffix : "\(kid).\(generation)" + Self.suffix }

    /// Whether a PEM text begins with a block, the one that is read, that is not encrypted.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        let pem = String(decoding: bytes, as: UTF8.self)
        guard let begin = pem.firstRange(of: "-----BEGIN ") else { return false }
        return !pem[begin.upperBound...].hasPrefix("ENCRYPTED ")
    }

    /// - Parameter isEncrypted: whether a file that is not encrypted is refused.
    /// - Throws: `corrupt` when the file is missing, no key, or the key of another kid; `passphraseMissing`,
    ///   `passphraseWrong`, `notEncrypted`; `insecureMode`; `inaccessible`.
    func read(
        from files: KeyringDirectory, under passphrase: Passphrase?, isEncrypted: Bool
    ) throws(KeyringError) -> RSAPrivateKey {
        let path = "\(files.path)/\(name)"
        guard let bytes = try files.read(name, .secret) else {
            throw KeyringError(.corrupt, "\(path) is missing; restore it from a backup")
        }
        if isEncrypted && Self.isPlain(bytes) { throw .notEncrypted(file: path) }
        let key: RSAPrivateKey
        do {
            key = try RSAPrivateKey(pem: String(decoding: bytes, as: UTF8.self), passphrase: passphrase?.bytes)
        } catch {
            switch error.code {
            case .passphraseMissing: throw .passphraseMissing(for: path)
            case .passphraseWrong: throw .passphraseWrong(for: path)
            default:
                throw KeyringError(
                    .corrupt, "\(path) holds no usable RSA private key (\(error)); restore it from a backup")
            }
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
