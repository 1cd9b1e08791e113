package import JOSE
import RSAVerification
package import SignetStore

/// The content of `keyring.json`, with the public keys decoded. Reading it needs no key file and no passphrase.
package struct KeyringOverview: Sendable {
    let document: KeyringDocument
    /// The public keys by key ID, one for each key in `keyring.json`.
    let publicKeys: [String: RSAPublicKey]

    init(document: KeyringDocument, publicKeys: [String: RSAPublicKey]) {
        self.document = document
        self.publicKeys = publicKeys
    }

    /// Parses the public keys of `document`.
    /// - Throws: `corrupt` if a modulus does not have 2048 to 8192 bits, or an exponent is even, below 65537 or longer
    ///   than 32 bits.
    init(_ document: KeyringDocument) throws(KeyringError) {
        var publicKeys: [String: RSAPublicKey] = [:]
        for record in document.keys {
            do {
                publicKeys[record.keyID] = try RSAPublicKey(modulus: record.modulus, exponent: record.exponent)
            } catch {
                throw KeyringDocument.corrupt("the public key \(record.keyID) is unusable (\(error))")
            }
        }
        self.init(document: document, publicKeys: publicKeys)
    }

    /// All keys, the oldest first.
    package func listing(at now: Timestamp) -> [KeyListing] {
        document.keys.map { key in
            KeyListing(key, bits: publicKeys[key.keyID]?.bitCount ?? 0, in: document, at: now)
        }
    }

    /// All refresh token HMAC keys, the oldest first.
    package func refreshSecrets(at now: Timestamp) -> [RefreshSecretListing] {
        document.refreshSecrets.map { RefreshSecretListing($0, in: document, at: now) }
    }

    /// The revoked keys, the latest last.
    package var revocations: [(keyID: String, revokedAt: Timestamp)] {
        document.revocations.map { ($0.keyID, $0.revokedAt) }
    }

    /// Whether the key files are encrypted.
    package var isEncrypted: Bool { document.encryption.isEncrypted }

    /// The time for which verifiers may cache the published keys.
    package var publicationMaxAge: Duration { document.publicationMaxAge }

    /// The time at which every verifier has the next key, so that the key may sign; `nil` if that time has passed.
    ///
    /// If there is no next key, the result is for a key that is created at `now`.
    package func harmlessActivation(at now: Timestamp) -> Timestamp? {
        let next = document.nextKeys(at: now).first
        let published = next.map { min($0.createdAt, now) } ?? now
        let time = document.policy.earliestActivation(ofPublishedAt: published)
        return time > now ? time : nil
    }

    /// The time at which the active signing key started to sign; `nil` if no key is active. A next key that signs only
    /// because a clock was set back is not active.
    package func signingSince(at now: Timestamp) -> Timestamp? {
        guard let key = document.signingKey(at: now), key.state(at: now) == .active else { return nil }
        return key.activatesAt
    }

    /// The time at which the next key starts to sign. If no activation is scheduled, that is one rotation interval
    /// after the last activation, but not before `now`. `nil` if no activation is scheduled and only commands rotate
    /// keys.
    package func nextRotation(at now: Timestamp) -> Timestamp? {
        let scheduled = document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt)
        if let next = scheduled.filter({ $0 > now }).min() { return next }
        guard let interval = document.policy.rotationInterval, let last = scheduled.max() else { return nil }
        return max(last + interval, now)
    }

    /// The public key with this ID as a PEM block `PUBLIC KEY`; `nil` if the keyring has no key with this ID.
    /// - Throws: `corrupt` if OpenSSL is out of memory.
    package func pem(of keyID: String) throws(KeyringError) -> String? {
        do {
            return try publicKeys[keyID]?.pem()
        } catch {
            throw KeyringError(.corrupt, "the public key \(keyID) cannot be written as PEM: \(error)")
        }
    }

    /// The public key with this ID as a JWK (RFC 7517); `nil` if the keyring has no key with this ID.
    package func jwk(of keyID: String) -> JSONObject? { document.keys.first { $0.keyID == keyID }?.jwk.json }
}
