// This folder holds the issuer's public keys and the sources that load them. Other folders check claims.

import HTTPFetching
import JOSE
package import RSAVerification
import Synchronization

/// The public keys of an issuer at one point in time, prepared for verification.
public struct KeySet: Sendable {
    /// The keys in the order of the JWKS document, at most 64.
    let keys: [VerificationKey]

    /// The serial number of the key set. A newer set has a higher number; the empty set has 0.
    let serialNumber: UInt64

    private static let lastSerialNumber = Atomic<UInt64>(0)

    /// A set without keys. A verifier refuses every token with `unknownKey` if it has only this set.
    public static let empty = KeySet()

    private init() {
        keys = []
        serialNumber = 0
    }

    private init(keys: [VerificationKey]) {
        self.keys = keys
        serialNumber = Self.lastSerialNumber.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Reads the usable keys of a JWKS document (RFC 7517 section 5).
    ///
    /// A key is usable if it is an RSA key of 2048 to 8192 bits with an odd exponent from 65537 to 2^32 - 1, and if its
    /// `use`, `key_ops` and `alg`, where present, allow verifying RS256 signatures. Other keys are skipped.
    ///
    /// - Throws: ``ConfigurationError`` with `unusableKeys` if the document is larger than 256 KiB, is not strict JSON,
    ///   is not a JWK Set, or has more than 64 keys.
    public init(jwks document: [UInt8]) throws(ConfigurationError) {
        try self.init(jwks: document, reusing: nil)
    }

    /// Reads a JWKS document like ``init(jwks:)``. If `former`, the previous key set, already has a key of the
    /// document, the new set contains the same ``VerificationKey`` object.
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
                // If memory ran out, throw instead of skipping the key. A skipped key would look as if the issuer had
                // withdrawn it.
                throw ConfigurationError(.unusableKeys, "a key of the JWKS document: \(error.detail)")
            } catch {
                continue
            }
        }
        self.init(keys: keys)
    }

    /// Returns the reason why a JWKS document has no usable key, as a text for an operator.
    ///
    /// - Parameter document: A document from which ``init(jwks:)`` makes an empty set.
    static func reasonForNoKeys(in document: [UInt8]) -> String {
        guard let set = try? JWKSet(parsing: document) else { return "not a JWKS document" }
        let count = set.keys.count + set.skippedKeys.count
        guard count > 0 else { return "the document has no keys" }
        let reasons = set.skippedKeys.prefix(3).map(\.reason.detail).joined(separator: "; ")
        let unsuitable = set.keys.isEmpty ? "" : "; RSA keys must have 2048 to 8192 bits"
        return "none of \(count) keys is usable, because this verifier accepts RS256 only (\(reasons)\(unsuitable))"
    }

    /// Creates a set from keys that do not come from a JWKS document, for example the issuer's own keys.
    package init(_ keys: [(keyID: String?, publicKey: RSAPublicKey)]) {
        self.init(keys: keys.map { VerificationKey(keyID: $0.keyID, publicKey: $0.publicKey) })
    }

    /// Whether the set has no keys.
    public var isEmpty: Bool { keys.isEmpty }

    /// The number of keys.
    public var count: Int { keys.count }

    /// The `kid` values of the keys, in the order of the JWKS document. A key without a `kid` is left out.
    public var keyIDs: [String] { keys.compactMap(\.keyID) }

    /// Whether a key in the set has the `kid` `keyID`, compared byte by byte.
    public func contains(_ keyID: String) -> Bool { keys.contains { $0.keyID?.isExactly(keyID) ?? false } }

    /// Whether the set contains the object `key` itself. An equal key in another object does not count.
    func contains(_ key: VerificationKey) -> Bool { keys.contains { $0 === key } }

    /// The result of searching a key set for the key that signed a JWS.
    enum SignerSearch: Sendable {
        case signedBy(VerificationKey)
        /// At least one key was tried, but none of them signed the JWS.
        case signedByNoKey
        /// No key was tried: the set is empty, or none of its keys has the `kid` of the JWS header.
        case noKey
    }

    /// Searches for the key that signed a JWS. If the header has a `kid`, only the keys with that `kid` are tried;
    /// otherwise all keys are tried.
    ///
    /// - Parameters:
    ///   - jws: The parsed token.
    ///   - token: The bytes that `jws` was parsed from.
    /// - Throws: ``VerificationError`` with `cryptographyUnavailable` if memory ran out.
    func signer(
        of jws: borrowing CompactJWS, in token: Span<UInt8>
    ) throws(VerificationError) -> SignerSearch {
        let message = token.extracting(first: jws.signingInputCount)
        var search = SignerSearch.noKey
        for key in keys {
            if let wanted = jws.header.keyID {
                guard let keyID = key.keyID, keyID.isExactly(wanted) else { continue }
            }
            if try key.isValidSignature(jws.signature.span, for: message) { return .signedBy(key) }
            search = .signedByNoKey
        }
        return search
    }
}

extension KeySet: CustomReflectable {
    /// Shows only the key IDs. Swift's default mirror would crash when it reads the OpenSSL contexts of the keys.
    public var customMirror: Mirror { Mirror(self, children: ["keyIDs": keyIDs], displayStyle: .struct) }
}

/// A public key of the issuer.
///
/// As long as the issuer publishes the key, every newer ``KeySet`` contains the same object. If the current key set
/// does not contain the object, the issuer has withdrawn the key.
package final class VerificationKey: Sendable {
    package let keyID: String?
    private let publicKey: RSAPublicKey

    package init(keyID: String?, publicKey: RSAPublicKey) {
        self.keyID = keyID
        self.publicKey = publicKey
    }

    /// Whether `signature` is an RS256 signature of this key over `message`.
    ///
    /// - Throws: ``VerificationError`` with `cryptographyUnavailable` if memory ran out.
    func isValidSignature(
        _ signature: Span<UInt8>, for message: Span<UInt8>
    ) throws(VerificationError) -> Bool {
        do {
            return try publicKey.isValidSignature(signature, for: message)
        } catch {
            throw VerificationError(.cryptographyUnavailable, "signature: \(error.detail)")
        }
    }

    /// Whether `jwk` has the same modulus, exponent and `kid` as this key.
    func isSameKey(as jwk: RSAJWK) -> Bool {
        let hasSameID =
            switch (keyID, jwk.keyID) {
            case (nil, nil): true
            case (let own?, let other?): own.isExactly(other)
            default: false
            }
        return hasSameID && publicKey.modulus == jwk.modulus && publicKey.exponent == jwk.exponent
    }
}

extension VerificationKey: CustomReflectable {
    package var customMirror: Mirror {
        Mirror(self, children: ["keyID": keyID as Any, "publicKey": publicKey], displayStyle: .class)
    }
}
