import RSASigning
import RSAVerification
import SignetStore

/// The next version of a keyring, before it is written: the new content of `keyring.json`, and the keys that need new
/// files. A draft reads and writes no files, and generates no keys.
struct KeyringDraft {
    /// The change that writes all key files again: encrypted with ``passphrase``, or unencrypted if ``passphrase`` is
    /// `nil`.
    struct Reencryption {
        let passphrase: Passphrase?
    }

    /// The time of the change. It has whole seconds, because `keyring.json` stores no fractions.
    let now: Timestamp
    private let original: KeyringDocument
    var document: KeyringDocument
    /// The new private keys, for which key files have to be written, by key ID.
    private(set) var newKeys: [String: RSAPrivateKey] = [:]
    /// The new refresh token HMAC keys, for which key files have to be written, by id.
    private(set) var newSecrets: [UInt8: [UInt8]] = [:]
    /// Set if all key files are to be written again; `nil` if the existing key files stay unchanged.
    private(set) var reencryption: Reencryption?
    private(set) var changes: [KeyChange] = []

    init(of document: KeyringDocument, at now: Timestamp) {
        self.now = Timestamp(seconds: now.seconds)
        original = document
        self.document = document
    }

    var isChanged: Bool { document != original }

    /// The first second from ``now`` on at which no key starts to sign. Two keys must not have the same activation
    /// time, because it would then be unclear which one signs.
    var firstFreeActivation: Timestamp {
        let taken = Set(document.keys.compactMap(\.activatesAt))
        var time = now
        while taken.contains(time) { time = time + .seconds(1) }
        return time
    }

    /// Changes the document as a step of a ``KeyPlan`` says, and adds the change to ``changes``.
    mutating func apply(_ step: KeyPlan.Step) {
        document.apply(step, at: now)
        switch step {
        case .schedule(let keyID, let activatesAt): changes.append(.scheduled(keyID: keyID, activatesAt: activatesAt))
        case .deletePrivateHalf(let keyID): changes.append(.retired(keyID: keyID))
        case .remove(let keyID): changes.append(.removed(keyID: keyID))
        case .removeSecret(let id): changes.append(.secretRemoved(id: id))
        }
    }

    /// Adds a newly generated key.
    /// - Parameter activatesAt: the time from which the key signs; `nil` if the time is not known yet.
    mutating func addGenerated(_ key: RSAPrivateKey, activatesAt: Timestamp?) {
        let keyID = add(key, activatesAt: activatesAt)
        changes.append(.generated(keyID: keyID))
        if let activatesAt { changes.append(.scheduled(keyID: keyID, activatesAt: activatesAt)) }
    }

    /// Adds a key that was made outside Signet, without a time from which it signs.
    mutating func addImported(_ key: RSAPrivateKey) {
        changes.append(.imported(keyID: add(key, activatesAt: nil)))
    }

    private mutating func add(_ key: RSAPrivateKey, activatesAt: Timestamp?) -> String {
        let record = KeyRecord(key, createdAt: now, activatesAt: activatesAt)
        document.add(record, at: now)
        newKeys[record.keyID] = key
        return record.keyID
    }

    /// Sets the time from which a key signs.
    mutating func schedule(_ keyID: String, at activation: Timestamp) {
        apply(.schedule(keyID: keyID, activatesAt: activation))
    }

    mutating func revoke(_ keyID: String) {
        let replaced = document.revoke(keyID, at: now)
        changes.append(.revoked(keyID: keyID))
        changes += replaced.map { .retired(keyID: $0) }
    }

    /// Adds a refresh token HMAC key.
    mutating func add(_ secret: RefreshSecretFile, activatesAt: Timestamp) {
        document.addSecret(id: secret.id, fingerprint: secret.fingerprint, activatesAt: activatesAt, at: now)
        newSecrets[secret.id] = secret.secret
        changes.append(.secretGenerated(id: secret.id, activatesAt: activatesAt))
    }

    mutating func setPolicy(_ policy: EffectiveKeyPolicy) {
        guard policy != document.policy else { return }
        document.setPolicy(policy, at: now)
        changes.append(.policyChanged)
    }

    /// Marks all key files to be written again.
    /// - Parameter passphrase: the new passphrase; `nil` to remove the encryption.
    mutating func reencrypt(under passphrase: Passphrase?) {
        reencryption = Reencryption(passphrase: passphrase)
        document.encryption = KeyringEncryption(
            round: document.encryption.round + 1, isEncrypted: passphrase != nil)
        changes.append(.reencrypted(isEncrypted: passphrase != nil))
    }

    /// Stores the time of this change in the document, as the time of the last change.
    /// - Parameter isCommand: `true` if an operator made the change. Then the stored time may become earlier, which
    ///   corrects a time from a machine whose clock was ahead. With `false`, the stored time never becomes earlier.
    mutating func finish(isCommand: Bool) {
        document.writtenAt = isCommand ? now : max(now, document.writtenAt)
    }
}

extension KeyRecord {
    /// The record of a key that is added to the keyring.
    init(_ key: RSAPrivateKey, createdAt: Timestamp, activatesAt: Timestamp?) {
        self.init(
            keyID: PrivateKeyFile.keyID(of: key), modulus: key.publicKey.modulus, exponent: key.publicKey.exponent,
            createdAt: createdAt, activatesAt: activatesAt)
    }
}
