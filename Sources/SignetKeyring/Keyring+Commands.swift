import RSASigning
import RSAVerification
package import SignetStore

extension Keyring {
    /// Creates and publishes the next signing key. Automatic rotation decides when the key starts to sign; if only
    /// commands rotate keys, the key signs after ``rotate(immediately:at:)``.
    /// - Throws: `refused` if there is a next key already, or if 50 keys (the maximum) are published.
    package func generate(at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft, _ throws(KeyringError) in
            try Self.requireNoNextKey(draft)
            try Self.requireRoom(draft)
            draft.addGenerated(try generator.key(for: draft.document), activatesAt: nil)
        }
    }

    /// Schedules the next key to sign once every verifier has had time to fetch it. Creates a key if there is no next
    /// key.
    /// - Parameter immediately: `true` lets the key sign at once. Verifiers that do not have the key yet reject its
    ///   tokens.
    /// - Throws: `refused` if the next key is already scheduled to sign no later than this call would schedule it, or
    ///   if a key has to be created and 50 keys (the maximum) are published.
    package func rotate(immediately: Bool, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft, _ throws(KeyringError) in
            guard let next = draft.document.nextKeys(at: now).first else {
                try Self.requireRoom(draft)
                let harmless = draft.document.policy.earliestActivation(ofPublishedAt: draft.now)
                let key = try generator.key(for: draft.document)
                return draft.addGenerated(key, activatesAt: immediately ? draft.firstFreeActivation : harmless)
            }
            let activation =
                immediately ? draft.firstFreeActivation : draft.document.earliestActivation(of: next, at: draft.now)
            if let planned = next.activatesAt, planned <= activation {
                let reason =
                    immediately
                    ? "which is a moment from now"
                    : "so that every verifier has it by then; 'signet keys rotate --now' activates it at once"
                throw KeyringError(
                    .refused, "key \(next.keyID) is the next key and signs from \(planned.rfc3339Seconds) on, \(reason)"
                )
            }
            draft.schedule(next.keyID, at: activation)
        }
    }

    /// Revokes a key at once. The key is no longer published, and introspection reports its tokens as inactive.
    ///
    /// If the revoked key is the signing key, the next key signs from now on. If no next key can sign, Signet creates
    /// one. Keys that the revoked key had replaced never sign again. A revocation succeeds even if key files are
    /// damaged. It needs the passphrase only if a key has to be created.
    /// - Throws: `refused` if the keyring has no key with this ID.
    package func revoke(_ keyID: String, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(revoking: keyID, at: now) { draft, reading throws(KeyringError) in
            guard draft.document.contains(keyID) else {
                throw KeyringError(
                    .refused, draft.document.isRevoked(keyID) ? "already revoked: \(keyID)" : "no such key: \(keyID)")
            }
            draft.revoke(keyID)
            guard !draft.document.keys.contains(where: { $0.canSign(at: draft.now) }) else { return }
            if let next = draft.document.nextKeys(at: draft.now).first(where: reading.isUsable) {
                draft.schedule(next.keyID, at: draft.now)
            } else {
                draft.addGenerated(try generator.key(for: draft.document), activatesAt: draft.now)
            }
        }
    }

    /// Imports a private key that was made outside Signet. It becomes the next key.
    /// - Parameters:
    ///   - pem: PKCS#8, encrypted or not, or PKCS#1; 2048 to 8192 bits.
    ///   - keyPassphrase: the passphrase of `pem`; `nil` if `pem` is not encrypted.
    /// - Throws: `refused` if `pem` cannot be read, if the keyring contains or has revoked this key, if there is a next
    ///   key already, or if 50 keys (the maximum) are published.
    package func importKey(
        pem: String, keyPassphrase: [UInt8]?, at now: Timestamp = .system()
    ) throws(KeyringError) -> [KeyChange] {
        let key: RSAPrivateKey
        do {
            key = try RSAPrivateKey(pem: pem, passphrase: keyPassphrase)
        } catch {
            let reason =
                switch error.code {
                case .passphraseMissing: "it is encrypted, and no passphrase was given"
                case .passphraseWrong: "the passphrase is wrong, or the file is damaged"
                default: error.detail
                }
            throw KeyringError(.refused, "the key cannot be imported: \(reason)")
        }
        return try command(at: now) { draft, _ throws(KeyringError) in
            let keyID = PrivateKeyFile.keyID(of: key)
            guard !draft.document.contains(keyID) else {
                throw KeyringError(.refused, "the keyring already contains this key: \(keyID)")
            }
            guard !draft.document.isRevoked(keyID) else {
                throw KeyringError(.refused, "the key was revoked and cannot be imported again: \(keyID)")
            }
            try Self.requireNoNextKey(draft)
            try Self.requireRoom(draft)
            draft.addImported(key)
        }
    }

    /// Creates a refresh token HMAC key. It makes new refresh tokens once every process that shares the keyring has
    /// read it. No session ends, because the old HMAC key is kept as long as a refresh token made with it can be valid.
    /// - Throws: `refused` if all 255 ids of HMAC keys are in use.
    package func rotateRefreshSecret(at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft, _ throws(KeyringError) in
            let used = Set(draft.document.refreshSecrets.map(\.id))
            guard let id = (1...UInt8.max).first(where: { !used.contains($0) }) else {
                throw KeyringError(
                    .refused,
                    """
                    all 255 refresh token HMAC keys are in use: wait until the oldest is removed, which \
                    'signet keys list' shows
                    """)
            }
            draft.add(.random(id: id), activatesAt: draft.document.policy.secretActivation(ofMadeAt: now))
        }
    }

    /// Writes all key files again, encrypted with `passphrase`; `nil` writes them without encryption. If the process
    /// crashes, either all old files or all new files are in use.
    ///
    /// This `Keyring` keeps its old passphrase. Open the keyring again before you make further changes.
    package func reencrypt(
        under passphrase: Passphrase?, at now: Timestamp = .system()
    ) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft, _ throws(KeyringError) in
            for step in KeyPlan(for: draft.document, at: now).steps {
                // The private half of a retired key is no longer in memory, so it cannot be written under the new
                // passphrase. It is due for deletion anyway, so delete it now.
                if case .deletePrivateHalf = step { draft.apply(step) }
            }
            draft.reencrypt(under: passphrase)
        }
    }

    private func command(
        revoking: String? = nil, at now: Timestamp,
        _ body: (inout KeyringDraft, KeyringReading) throws(KeyringError) -> Void
    ) throws(KeyringError) -> [KeyChange] {
        try change(waiting: true, isCommand: true, revoking: revoking, at: now, body) ?? []
    }

    private static func requireRoom(_ draft: KeyringDraft) throws(KeyringError) {
        guard draft.document.publishedKeys(at: draft.now).count < KeyPolicy.mostPublished else {
            throw KeyringError(
                .refused,
                """
                \(KeyPolicy.mostPublished) keys are published, which is the maximum: wait until a retired key is \
                removed, which 'signet keys list' shows, or remove one at once with 'signet keys revoke'
                """)
        }
    }

    private static func requireNoNextKey(_ draft: KeyringDraft) throws(KeyringError) {
        guard let next = draft.document.nextKeys(at: draft.now).first else { return }
        let planned = KeyListing.plannedActivation(of: next, in: draft.document, at: draft.now)
        let earliest = draft.document.earliestActivation(of: next, at: draft.now)
        let state = planned.map { "signs from \($0.rfc3339Seconds) on" } ?? "waits for 'signet keys rotate'"
        let canBeSooner = planned.map { earliest < $0 } ?? true
        let advice =
            canBeSooner
            ? """
            'signet keys rotate' lets it sign from \(earliest.rfc3339Seconds) on, and 'signet keys rotate --now' at once
            """
            : "'signet keys rotate --now' lets it sign at once"
        throw KeyringError(
            .refused,
            "there is already a next key, \(next.keyID), which \(state); \(advice); 'signet keys revoke' removes it")
    }
}
