import RSASigning
import RSAVerification
import SignetStore

/// The next version of a keyring while it is made. Nothing is written before it is whole.
struct KeyringDraft {
    let current: KeyringSnapshot
    /// Why which keys could not be read, by kid.
    private let keyFaults: [String: KeyringError]
    /// The time, in whole seconds: what is written reads back equal.
    let now: Timestamp
    var document: KeyringDocument
    /// What the secret files are encrypted under when this is written.
    private(set) var passphrase: Passphrase?
    private(set) var newKeys: [RSAPrivateKey] = []
    private(set) var newSecrets: [RefreshSecretFile] = []
    private(set) var changes: [KeyChange] = []
    /// A key that was made ahead.
    var spare: RSAPrivateKey?
    /// Whether every secret file is written anew, and not only those that are new.
    private(set) var isResealed = false

    init(of reading: KeyringReading, passphrase: Passphrase?, at now: Timestamp) {
        current = reading.snapshot
        keyFaults = reading.keyFaults
        self.passphrase = passphrase
        self.now = Timestamp(seconds: now.seconds)
        document = current.document
    }

    /// The first second, from now on, in which no key begins to sign: of two in one, it would be anybody's guess which.
    var soonest: Timestamp {
        let taken = Set(document.keys.compactMap(\.activatesAt))
        var time = now
        while taken.contains(time) { time = time + .seconds(1) }
        return time
    }

    /// Whether a next key can be made to sign: it was read, or would be by whoever has the passphrase.
    func isUsable(_ key: KeyRecord) -> Bool {
        guard let fault = keyFaults[key.kid] else { return true }
        return fault.code == .passphraseMissing
    }

    /// The key that was made ahead, unless a change that failed in its very last step has used it all the same.
    private var freshSpare: RSAPrivateKey? {
        spare.flatMap { spare in
            let kid = PrivateKeyFile.kid(of: spare)
            let isUsed = document.keys.contains { $0.kid == kid } || document.revocations.contains { $0.kid == kid }
            return isUsed ? nil : spare
        }
    }

    mutating func apply(_ step: KeyPlan.Step) throws(KeyringError) {
        var new: RSAPrivateKey?
        let now = now
        let spare = freshSpare
        try document.apply(step, at: now) { activatesAt throws(KeyringError) in
            let key = if let spare { spare } else { try Self.makeKey() }
            new = key
            return Self.record(of: key, at: now, activatesAt: activatesAt)
        }
        switch step {
        case .generate(let activatesAt):
            guard let new else { return }
            self.spare = nil
            newKeys.append(new)
            note(generated: PrivateKeyFile.kid(of: new), activatesAt: activatesAt)
        case .schedule(let kid, let activatesAt): changes.append(.scheduled(kid: kid, activatesAt: activatesAt))
        case .deletePrivateHalf(let kid): changes.append(.retired(kid: kid))
        case .remove(let kid): changes.append(.removed(kid: kid))
        case .removeSecret(let id): changes.append(.secretRemoved(id: id))
        }
    }

    /// Adds a new key, and decides when it signs unless that is `nil`.
    mutating func generate(activatesAt: Timestamp?) throws(KeyringError) {
        let key = if let spare = freshSpare { spare } else { try Self.makeKey() }
        spare = nil
        newKeys.append(key)
        document.add(Self.record(of: key, at: now, activatesAt: activatesAt), at: now)
        note(generated: PrivateKeyFile.kid(of: key), activatesAt: activatesAt)
    }

    /// Adds a key that was made elsewhere, for a time that is yet to be decided.
    mutating func take(_ key: RSAPrivateKey) {
        newKeys.append(key)
        document.add(Self.record(of: key, at: now, activatesAt: nil), at: now)
        changes.append(.imported(kid: PrivateKeyFile.kid(of: key)))
    }

    mutating func schedule(_ kid: String, at activation: Timestamp) {
        document.schedule(kid, at: activation, now: now)
        changes.append(.scheduled(kid: kid, activatesAt: activation))
    }

    mutating func revoke(_ kid: String) {
        let replaced = document.revoke(kid, at: now)
        changes.append(.revoked(kid: kid))
        changes += replaced.map { .retired(kid: $0) }
    }

    mutating func add(_ secret: RefreshSecretFile, activatesAt: Timestamp) {
        document.add(secret, activatesAt: activatesAt, at: now)
        newSecrets.append(secret)
        changes.append(.secretGenerated(id: secret.id, activatesAt: activatesAt))
    }

    mutating func setTerms(_ terms: EffectiveKeyPolicy) {
        guard terms != document.terms else { return }
        document.terms = terms
        document.decideRetirements(at: now)
        changes.append(.termsChanged)
    }

    /// Has all secret files written anew, under `passphrase` or in the clear.
    mutating func reseal(under passphrase: Passphrase?) {
        self.passphrase = passphrase
        isResealed = true
        document.sealing = KeyringEncryption(
            generation: document.sealing.generation + 1, isEncrypted: passphrase != nil)
        changes.append(.resealed(isEncrypted: passphrase != nil))
    }

    private mutating func note(generated kid: String, activatesAt: Timestamp?) {
        changes.append(.generated(kid: kid))
        if let activatesAt { changes.append(.scheduled(kid: kid, activatesAt: activatesAt)) }
    }

    private static func record(
        of key: RSAPrivateKey, at now: Timestamp, activatesAt: Timestamp?
    ) -> KeyRecord {
        KeyRecord(
            kid: PrivateKeyFile.kid(of: key), modulus: key.publicKey.modulus, exponent: key.publicKey.exponent,
            createdAt: now, activatesAt: activatesAt)
    }

    /// A new key whose kid can be typed as an argument.
    static func makeKey() throws(KeyringError) -> RSAPrivateKey {
        do {
            while true {
                let key = try RSAPrivateKey.generate()
                // One kid in 64 begins with a dash, which commands would take for an option.
                if !PrivateKeyFile.kid(of: key).hasPrefix("-") { return key }
            }
        } catch {
            throw KeyringError(.generationFailed, "no signing key could be generated: \(error)")
        }
    }
}
