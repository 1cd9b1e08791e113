import RSAVerification

/// The file of one server secret: format version 1 ‖ id 1 ‖ secret 32, or a ``EncryptedSecret``.
struct RefreshSecretFile: Sendable, Hashable {
    private static let version: UInt8 = 1
    private static let fingerprintDomain = Array("signet refresh secret fingerprint v1".utf8)

    let id: UInt8
    let secret: [UInt8]

    /// A new secret.
    static func random(id: UInt8) -> Self {
        Self(id: id, secret: SecureRandom.bytes(RefreshSecrets.secretLength))
    }

    init(id: UInt8, secret: [UInt8]) {
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

    static func name(id: UInt8, generation: Int64 = 0) -> String {
        generation == 0 ? "refresh-\(id).secret" : "refresh-\(id).\(generation).secret"
    }

    /// The id and the generation that a name tells; `nil` for other names.
    static func parse(name: String) -> (id: UInt8, generation: Int64)? {
        guard name.hasPrefix("refresh-"), name.hasSuffix(".secret") else { return nil }
        let parts = name.dropFirst("refresh-".count).dropLast(".secret".count)
            .split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let id = UInt8(parts[0]),
            let generation = parts.count == 1 ? 0 : Int64(parts[1]), name == self.name(id: id, generation: generation)
        else { return nil }
        return (id, generation)
    }

    /// The first 16 bytes of a hash of the secret.
    var fingerprint: [UInt8] { Array(SHA256.digest(Self.fingerprintDomain + secret).prefix(16)) }
}
