import RSASigning
import RSAVerification
package import SignetStore

extension Keyring {
    /// Makes a next key. It is published from now on and signs at the planned time, or, when keys change by command
    /// only, after ``rotate(immediately:at:)``.
    /// - Throws: `refused` when there is a next key already, or as many keys are published as may be.
    package func generate(at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft throws(KeyringError) in
            try Self.requireNoNextKey(draft)
            try Self.requireRoom(draft)
            try draft.generate(activatesAt: nil)
        }
    }

    /// Lets the next key sign as soon as no verifier can be without it, and makes one when there is none.
    /// - Parameter immediately: whether it signs at once; verifiers that do not have it yet refuse its tokens.
    /// - Throws: `refused` when that would not make it any sooner, or as many keys are published as may be.
    package func rotate(immediately: Bool, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft throws(KeyringError) in
            guard let next = draft.document.nextKeys(at: now).first else {
                try Self.requireRoom(draft)
                let published = draft.document.terms.earliestActivation(ofPublishedAt: draft.now)
                return try draft.generate(activatesAt: immediately ? draft.soonest : published)
            }
            let activation = immediately ? draft.soonest : draft.document.earliestActivation(of: next, at: draft.now)
            if let planned = next.activatesAt, planned <= activation {
                let reason =
                    immediately
                    ? "a moment from now"
                    : "no sooner, so that every verifier has it; 'signet keys rotate --now' lets it sign at once"
                throw KeyringError(
                    .refused, "key \(next.kid) is next and signs from \(planned.rfc3339Seconds) on, \(reason)")
            }
            draft.schedule(next.kid, at: activation)
        }
    }

    /// Drops a key at once: out of the published keys, its tokens worthless.
    ///
    /// When it is the one that signs, the next key does from now on, or a new one when there is none that can be read. A
    /// key that was replaced before never signs again. No damaged file keeps it from being done, and no passphrase is
    /// needed unless a key is made.
    /// - Throws: `refused` when there is no such key.
    package func revoke(_ kid: String, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(revoking: kid, at: now) { draft throws(KeyringError) in
            guard draft.document.keys.contains(where: { $0.kid == kid }) else {
                let wasRevoked = draft.document.revocations.contains { $0.kid == kid }
                throw KeyringError(.refused, "\(wasRevoked ? "already revoked" : "no such key"): \(kid)")
            }
            draft.revoke(kid)
            guard !draft.document.keys.contains(where: { $0.maySign(at: draft.now) }) else { return }
            if let next = draft.document.nextKeys(at: draft.now).first(where: draft.isUsable) {
                draft.schedule(next.kid, at: draft.now)
            } else {
                try draft.generate(activatesAt: draft.now)
            }
        }
    }

    /// Takes in a key that was made elsewhere, as the next one; see ``generate(at:)``.
    /// - Parameters:
    ///   - pem: PKCS#8, encrypted or not, or PKCS#1; 2048 to 8192 bits.
    ///   - keyPassphrase: of `pem`, when it is encrypted.
    /// - Throws: `refused` with the reason.
    package func importKey(
        pem: String, keyPassphrase: [UInt8]?, at now: Timestamp = .system()
    ) throws(KeyringError) -> [KeyChange] {
        let key: RSAPrivateKey
        do {
            key = try RSAPrivateKey(pem: pem, passphrase: keyPassphrase)
        } catch {
            let reason =
                switch error.code {
                case .passphraseMissing: "it is encrypted, and there is no passphrase for it"
                case .passphraseWrong: "its passphrase is another one, or the file is damaged"
                default: error.detail
                }
            throw KeyringError(.refused, "the key cannot be taken: \(reason)")
        }
        return try command(at: now) { draft throws(KeyringError) in
            let kid = PrivateKeyFile.kid(of: key)
            guard !draft.document.keys.contains(where: { $0.kid == kid }) else {
                throw KeyringError(.refused, "the key is in the keyring already: \(kid)")
            }
            guard !draft.document.revocations.contains(where: { $0.kid == kid }) else {
                throw KeyringError(.refused, "the key was revoked: \(kid)")
            }
            try Self.requireNoNextKey(draft)
            try Self.requireRoom(draft)
            draft.take(key)
        }
    }

    /// Makes a new secret behind refresh tokens, which is used once every node has it. Sessions go on: the old secret
    /// stays for as long as one of its tokens may be presented.
    /// - Throws: `refused` when there are as many as there can be.
    package func rotateRefreshSecret(at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft throws(KeyringError) in
            let used = Set(draft.document.refreshSecrets.map(\.id))
            guard let id = (1...UInt8.max).first(where: { !used.contains($0) }) else {
                throw KeyringError(.refused, "255 refresh secrets are in use; the oldest goes when its sessions have")
            }
            draft.add(.random(id: id), activatesAt: draft.document.terms.secretActivation(ofMadeAt: now))
        }
    }

    /// Writes all secret files anew, in one step: encrypted under `passphrase`, or in the clear.
    ///
    /// This object keeps the passphrase it was opened with; open the keyring again for further changes.
    package func reseal(
        under passphrase: Passphrase?, at now: Timestamp = .system()
    ) throws(KeyringError) -> [KeyChange] {
        try command(at: now) { draft throws(KeyringError) in
            for step in KeyPlan(for: draft.document, at: now).due {
                // The private half of a retired key is not read any more, so it cannot be written either.
                if case .deletePrivateHalf = step { try draft.apply(step) }
            }
            draft.reseal(under: passphrase)
        }
    }

    private func command(
        revoking kid: String? = nil, at now: Timestamp, _ body: (inout KeyringDraft) throws(KeyringError) -> Void
    ) throws(KeyringError) -> [KeyChange] {
        try change(waiting: true, isCommand: true, revoking: kid, at: now, body) ?? []
    }

    private static func requireRoom(_ draft: KeyringDraft) throws(KeyringError) {
        guard draft.document.publishedKeys(at: draft.now).count < KeyPolicy.mostPublished else {
            throw KeyringError(
                .refused,
                """
                \(KeyPolicy.mostPublished) keys are published, the most that may be: retired ones leave with their \
                last token, as 'signet keys list' shows, and 'signet keys revoke' drops one at once
                """)
        }
    }

    private static func requireNoNextKey(_ draft: KeyringDraft) throws(KeyringError) {
        guard let next = draft.document.nextKeys(at: draft.now).first else { return }
        let planned = KeyListing(next, bits: 0, in: draft.document, at: draft.now).nextAt
        let earliest = draft.document.earliestActivation(of: next, at: draft.now)
        let fate = planned.map { "signs from \($0.rfc3339Seconds) on" } ?? "waits for 'signet keys rotate'"
        let sooner = planned.map { earliest < $0 } ?? true
        let rotate =
            sooner
            ? "'signet keys rotate' lets it sign from \(earliest.rfc3339Seconds) on, with --now"
            : "'signet keys rotate --now' lets it sign"
        throw KeyringError(
            .refused, "key \(next.kid) is next already and \(fate); \(rotate) at once; 'signet keys revoke' drops it")
    }
}
