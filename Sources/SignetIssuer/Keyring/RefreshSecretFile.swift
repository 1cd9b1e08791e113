import RSAVerification

/// The file of one server secret: format version 1 ‖ id 1 ‖ secret 32.
struct RefreshSecretFile: Sendable, Hashable {
    private static let version: UInt8 = 1
    private static let fingerprintDomain = Array("signet refresh secret fingerprint v1".utf8)

    let id: UInt8
    let secret: [UInt8]

    /// A new secret.
    static func random(id: UInt8) -> Self {
        Self(id: id, secret: SecureRandom.bytes(RefreshSecrets.secretLength))
    }

    private init(id: UInt8, secret: [UInt8]) {
        self.id = id
        self.secret = secret
    }

    /// Reads a file; `nil` for anything else than ``bytes`` writes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 2 + RefreshSecrets.secretLength, bytes[0] == Self.version else { return nil }
        id = bytes[1]
        secret = Array(bytes[2...])
    }

    var bytes: [UInt8] { [Self.version, id] + secret }

    static func name(id: UInt8) -> String { "refresh-\(id).secret" }

    /// The first 16 bytes of a hash of the secret.
    var fingerprint: [UInt8] { Array(SHA256.digest(Self.fingerprintDomain + secret).prefix(16)) }
}
