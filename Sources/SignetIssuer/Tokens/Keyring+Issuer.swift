import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier
import Synchronization

// Methods that the issuer adds to the keyring. They map keyring errors to `IssuerError`.

extension Keyring {
    /// Returns the key that signs new tokens.
    /// - Throws: `storeUnavailable` if no key may sign at `now`, or if the keys that may sign could not be read.
    func requireSigningKey(at now: Timestamp) throws(IssuerError) -> SigningKey {
        guard let key = signingKey(at: now) else {
            throw IssuerError(.storeUnavailable, "no key of the keyring may sign now")
        }
        return key
    }
}

extension SigningKey {
    /// Signs an access token.
    /// - Parameter payload: the claims set, a JSON object.
    /// - Throws: `internal` if the key cannot sign.
    func signedAccessToken(payload: [UInt8]) throws(IssuerError) -> String {
        do {
            return try accessToken(payload: payload)
        } catch {
            throw IssuerError(.internal, "key \(keyID) cannot sign: \(error)")
        }
    }

    /// Makes a signed JWT with the given claims.
    /// - Parameter type: the `typ` of the JWT header; `nil` makes an access token.
    /// - Throws: `internal` if the key cannot sign.
    func signedToken(with claims: JSONObject, type: String? = nil) throws(IssuerError) -> String {
        do {
            return try token(with: claims, type: type)
        } catch {
            throw IssuerError(.internal, "key \(keyID) cannot sign: \(error)")
        }
    }
}

/// The published keys of a keyring, parsed for verification. The parsed keys are cached until the published keys
/// change.
final class OwnVerificationKeys: Sendable {
    private let keyring: Keyring
    private let prepared = Mutex<(entityTag: String, keys: KeySet)?>(nil)

    init(keyring: Keyring) { self.keyring = keyring }

    func keys(at now: Timestamp) -> KeySet {
        let published = keyring.publishedKeys(at: now)
        return prepared.withLock { prepared in
            if let prepared, prepared.entityTag == published.entityTag { return prepared.keys }
            let keys = KeySet(published.keys)
            prepared = (published.entityTag, keys)
            return keys
        }
    }
}
