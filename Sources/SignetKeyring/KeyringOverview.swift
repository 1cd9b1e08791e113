package import JOSE
import RSAVerification
package import SignetStore

/// The public half of a keyring: what `keyring.json` says. No secret is read for it, and no passphrase needed.
package struct KeyringOverview: Sendable {
    let document: KeyringDocument
    let publicKeys: [String: RSAPublicKey]

    /// All keys, in the order in which they were made.
    package func listing(at now: Timestamp) -> [KeyListing] {
        document.keys.map { key in
            KeyListing(key, bits: publicKeys[key.kid]?.bitCount ?? 0, in: document, at: now)
        }
    }

    /// All secrets behind refresh tokens, in the order in which they were made.
    package func refreshSecrets(at now: Timestamp) -> [RefreshSecretListing] {
        document.refreshSecrets.map { RefreshSecretListing($0, in: document, at: now) }
    }

    /// The keys that were revoked, the latest last.
    package var revocations: [(kid: String, revokedAt: Timestamp)] {
        document.revocations.map { ($0.kid, $0.revokedAt) }
    }

    /// Whether the secret files are encrypted.
    package var isEncrypted: Bool { document.sealing.isEncrypted }

    /// For how long verifiers may keep the published keys.
    package var publicationMaxAge: Duration { document.publicationMaxAge }

    /// From when on the next key, or one made now, may sign without a verifier missing it; `nil` when that is so now.
    package func harmlessActivation(at now: Timestamp) -> Timestamp? {
        let next = document.nextKeys(at: now).first
        let time =
            next.map { max(document.terms.earliestActivation(ofPublishedAt: min($0.createdAt, now)), now) }
            ?? document.terms.earliestActivation(ofPublishedAt: now)
        return time > now ? time : nil
    }

    /// Since when the key that signs at `now` does; `nil` when there is none.
    package func signingSince(at now: Timestamp) -> Timestamp? { document.signingKey(at: now)?.activatesAt }

    /// When another key signs, as it is decided or planned: `now` for what is overdue, `nil` when keys change by command
    /// only.
    package func nextRotation(at now: Timestamp) -> Timestamp? {
        let decided = document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt)
        if let next = decided.filter({ $0 > now }).min() { return next }
        guard let rotation = document.terms.rotation, let last = decided.max() else { return nil }
        return max(last + rotation, now)
    }

    /// A public key as a `PUBLIC KEY` block of PEM; `nil` when there is no key `kid`.
    /// - Throws: `corrupt` when the key cannot be written, for want of memory.
    package func pem(of kid: String) throws(KeyringError) -> String? {
        do {
            return try publicKeys[kid]?.pem()
        } catch {
            throw KeyringError(.corrupt, "key \(kid) cannot be written: \(error)")
        }
    }

    /// A public key as a JWK (RFC 7517); `nil` when there is no key `kid`.
    package func jwk(of kid: String) -> JSONObject? { document.keys.first { $0.kid == kid }?.jwk.json }
}
