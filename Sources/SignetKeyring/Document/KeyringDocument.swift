import JOSE
import RSAVerification
import SignetStore

// This folder holds the content of keyring.json, and what the content and the time determine. Code here must not read
// files or hold private keys.

/// The content of `keyring.json`: the keys, and the times at which each of them changes its state.
struct KeyringDocument: Sendable, Hashable {
    static let fileName = "keyring.json"
    static let version: Int64 = 2
    /// The maximum number of revoked keys that the document lists. If there are more, the oldest entries are removed.
    /// A service reads the list to see that a key which it still holds was revoked, so only recent entries matter.
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

    /// The key that signs at `now`: of the active keys (activated and not retired), the one activated last.
    ///
    /// If a clock stepped back to before every activation time, no key is active. Then the key with the earliest
    /// activation time signs, because verifiers have that key already. `nil` if there is no such key either.
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

    /// The time span around `now` in which no key and no refresh token HMAC key changes its state.
    func span(at now: Timestamp) -> Range<Timestamp> {
        let changes =
            keys.flatMap { [$0.activatesAt, $0.retiresAt, $0.removedAt] }.compactMap(\.self)
            + refreshSecrets.map(\.activatesAt)
        let start = changes.filter { $0 <= now }.max() ?? Timestamp(milliseconds: .min)
        let end = changes.filter { $0 > now }.min() ?? Timestamp(milliseconds: .max)
        return start..<end
    }

    /// The HMAC key for new refresh tokens at `now`: the newest active one, or the oldest if none is active yet. `nil`
    /// if there are no HMAC keys.
    func currentSecret(at now: Timestamp) -> RefreshSecretRecord? {
        refreshSecrets.last { $0.activatesAt <= now } ?? refreshSecrets.first
    }

    /// The time for which verifiers may cache the keys that are published now. It is never longer than the time from
    /// the publication of a new key to its first signature. So verifiers fetch the new key before they need it.
    var publicationMaxAge: Duration {
        let policy = policy.current
        return max(.zero, min(policy.maxAge, policy.lead - KeyPolicy.notice - policy.clockTolerance * 2))
    }

    /// The earliest time at which `key` may sign. By then every verifier has fetched the key, which has been published
    /// since its creation.
    func earliestActivation(of key: KeyRecord, at now: Timestamp) -> Timestamp {
        // If the creation time is in the future, a clock was ahead when the key was created. Then count from `now`
        // instead.
        let published = min(key.createdAt, now)
        return max(policy.earliestActivation(ofPublishedAt: published), (now + KeyPolicy.notice).roundedUp)
    }
}

/// Whether the key files are encrypted, and the number of passphrase changes so far.
struct KeyringEncryption: Sendable, Hashable {
    /// The number of times that the passphrase was set, changed or removed. Each time all key files are written again.
    /// The number is part of the file names, so replacing `keyring.json` switches from all old files to all new files
    /// in one step.
    let round: Int64
    let isEncrypted: Bool

    static let none = KeyringEncryption(round: 0, isEncrypted: false)
}
