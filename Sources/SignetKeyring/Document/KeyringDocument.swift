import JOSE
import RSAVerification
import SignetStore

// Code in this folder reads and changes the content of keyring.json, and computes the states of keys from it. Code here
// must not read files or hold private keys.

/// The content of `keyring.json`: the keys, the times at which they change their states, and the key policy.
struct KeyringDocument: Sendable, Hashable {
    static let fileName = "keyring.json"
    static let version: Int64 = 2
    /// The maximum number of revoked keys that the document lists. Beyond it, the oldest entries are dropped. Running
    /// services use the list to notice that a key in their memory was revoked, so only recent entries matter.
    static let mostRevocations = 256

    /// The signing keys: at least one, with different key IDs.
    var keys: [KeyRecord]
    /// The refresh token HMAC keys: at least one, with different ids, the oldest first.
    var refreshSecrets: [RefreshSecretRecord]
    /// The revoked keys, the latest last.
    var revocations: [KeyRevocation]
    var policy: EffectiveKeyPolicy
    var encryption: KeyringEncryption
    /// The time of the last change, by the clock of the process that made the change.
    var writtenAt: Timestamp

    init(
        keys: [KeyRecord], refreshSecrets: [RefreshSecretRecord], revocations: [KeyRevocation] = [],
        policy: EffectiveKeyPolicy = EffectiveKeyPolicy(.standard), encryption: KeyringEncryption = .none,
        writtenAt: Timestamp? = nil
    ) {
        self.keys = keys
        self.refreshSecrets = refreshSecrets
        self.revocations = revocations
        self.policy = policy
        self.encryption = encryption
        self.writtenAt = writtenAt ?? keys.map(\.createdAt).max() ?? Timestamp(seconds: 0)
    }

    /// The RFC 7638 thumbprint of a public key, in base64url.
    static func keyID(modulus: [UInt8], exponent: [UInt8]) -> String {
        let key = RSAJWK(modulus: modulus, exponent: exponent, keyID: nil)
        return Base64URL.encode(SHA256.digest(key.thumbprintInput))
    }

    /// The key that signs at `now`: the active key with the latest activation time.
    ///
    /// If no key is active, because a clock was set back, the next key with the earliest activation time signs. `nil`
    /// if there is no next key either.
    func signingKey(at now: Timestamp) -> KeyRecord? {
        if let latest = keys.filter({ $0.canSign(at: now) }).max(by: Self.signsBefore) { return latest }
        return nextKeys(at: now).first
    }

    /// The keys that will sign after `now`, in the order in which they will sign.
    func nextKeys(at now: Timestamp) -> [KeyRecord] {
        keys.filter { $0.hasPrivateHalf && $0.state(at: now) == .next }.sorted(by: Self.signsBefore)
    }

    /// Whether `left` comes before `right` if keys are sorted by activation time. Keys without an activation time come
    /// last, sorted by creation time.
    static func signsBefore(_ left: KeyRecord, _ right: KeyRecord) -> Bool {
        let never = Timestamp(milliseconds: .max)
        return (left.activatesAt ?? never, left.createdAt, left.keyID)
            < (right.activatesAt ?? never, right.createdAt, right.keyID)
    }

    /// The keys that verifiers receive at `now`.
    func publishedKeys(at now: Timestamp) -> [KeyRecord] {
        keys.filter { $0.state(at: now) != .gone }
    }

    /// Whether the key is in the keyring, or was revoked.
    func knows(_ keyID: String) -> Bool { contains(keyID) || isRevoked(keyID) }

    func contains(_ keyID: String) -> Bool { keys.contains { $0.keyID == keyID } }

    func isRevoked(_ keyID: String) -> Bool { revocations.contains { $0.keyID == keyID } }

    /// The time span around `now` in which no signing key changes its state and no HMAC key begins to make refresh
    /// tokens.
    func span(at now: Timestamp) -> Range<Timestamp> {
        let changes =
            keys.flatMap { [$0.activatesAt, $0.retiresAt, $0.removedAt] }.compactMap(\.self)
            + refreshSecrets.map(\.activatesAt)
        let start = changes.filter { $0 <= now }.max() ?? Timestamp(milliseconds: .min)
        let end = changes.filter { $0 > now }.min() ?? Timestamp(milliseconds: .max)
        return start..<end
    }

    /// The HMAC key that makes new refresh tokens at `now`: the newest key whose activation time has passed. If no
    /// activation time has passed, the oldest key. `nil` if the document has no HMAC keys.
    func currentSecret(at now: Timestamp) -> RefreshSecretRecord? {
        refreshSecrets.last { $0.activatesAt <= now } ?? refreshSecrets.first
    }

    /// The time for which verifiers may cache the published keys. It is shorter than the time between the publication
    /// of a key and its first signature, so verifiers fetch a new key before they need it.
    var publicationMaxAge: Duration {
        let policy = policy.current
        return max(.zero, min(policy.maxAge, policy.lead - KeyPolicy.notice - policy.clockTolerance * 2))
    }

    /// The earliest time at which `key` may sign. By then, every verifier has fetched the public key.
    func earliestActivation(of key: KeyRecord, at now: Timestamp) -> Timestamp {
        // A creation time in the future comes from a clock that was ahead. Count from `now` instead.
        let published = min(key.createdAt, now)
        return max(policy.earliestActivation(ofPublishedAt: published), (now + KeyPolicy.notice).roundedUp)
    }
}

/// Whether the key files are encrypted, and the number of passphrase changes so far.
struct KeyringEncryption: Sendable, Hashable {
    /// The number of times that the passphrase was set, changed or removed. Each time, all key files are written again
    /// under names that contain this number. Replacing `keyring.json` then switches from the old files to the new files
    /// in one step.
    let round: Int64
    let isEncrypted: Bool

    static let none = KeyringEncryption(round: 0, isEncrypted: false)
}
