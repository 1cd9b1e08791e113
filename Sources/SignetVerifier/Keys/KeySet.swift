import HTTPFetching
import JOSE
package import RSAVerification
import Synchronization

/// The public keys of an issuer at one moment, prepared for use.
public struct KeySet: Sendable {
    /// In the order of the document; at most 64.
    let keys: [VerificationKey]

    /// Grows with every set that is made, so that a newer one can be told from an older one; 0 for the empty set.
    let serialNumber: UInt64

    private static let lastSerialNumber = Atomic<UInt64>(0)

    /// No keys: every token is refused with `unknownKey`.
    public static let empty = KeySet()

    private init() {
        keys = []
        serialNumber = 0
    }

    private init(keys: [VerificationKey]) {
        self.keys = keys
        serialNumber = Self.lastSerialNumber.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// The usable keys of a JWKS document (RFC 7517 section 5).
    ///
    /// Usable is an RSA key of 2048 to 8192 bits with an odd exponent of 65537 to 2^32 - 1, whose `use`, `key_ops` and
    /// `alg`, where present, allow RS256 signatures to be checked. Other keys are skipped.
    ///
    /// - Throws: ``ConfigurationError`` with `unusableKeys` for a document that is larger than 256 KiB, is not strict
    ///   JSON, is not a JWK set, or has more than 64 keys.
    public init(jwks document: [UInt8]) throws(ConfigurationError) {
        try self.init(jwks: document, reusing: nil)
    }

    /// Like ``init(jwks:)``; keys that `former` has too stay the objects they were, prepared as they are.
    init(jwks document: [UInt8], reusing former: KeySet?) throws(ConfigurationError) {
        let set: JWKSet
        do {
            set = try JWKSet(parsing: document)
        } catch {
            throw ConfigurationError(.unusableKeys, "the JWKS document cannot be used: \(error)")
        }
        var keys: [VerificationKey] = []
        for jwk in set.keys {
            if let same = former?.keys.first(where: { $0.isSameKey(as: jwk) }) {
                keys.append(same)
                continue
            }
            do {
                let publicKey = try RSAPublicKey(modulus: jwk.modulus, exponent: jwk.exponent)
                keys.append(VerificationKey(keyID: jwk.keyID, publicKey: publicKey))
            } catch  where error.code == .failure {
                // To leave the key out for want of memory would be to say that the issuer withdrew it.
                throw ConfigurationError(.unusableKeys, "a key of the JWKS document: \(error.detail)")
            } catch {
                continue
            }
        }
        self.init(keys: keys)
    }

    /// Keys that this process holds itself, as the issuer does.
    package init(_ keys: [(keyID: String?, publicKey: RSAPublicKey)]) {
        self.init(keys: keys.map { VerificationKey(keyID: $0.keyID, publicKey: $0.publicKey) })
    }

    /// Whether there are no keys.
    public var isEmpty: Bool { keys.isEmpty }

    /// How many keys there are.
    public var count: Int { keys.count }

    /// The `kid` of every key that has one.
    public var keyIDs: [String] { keys.compactMap(\.keyID) }

    /// Whether a key has exactly this `kid`, byte for byte.
    public func contains(_ keyID: String) -> Bool { keys.contains { $0.keyID?.isExactly(keyID) ?? false } }

    /// Whether this very key is still one of the set.
    func contains(_ key: VerificationKey) -> Bool { keys.contains { $0 === key } }
}
