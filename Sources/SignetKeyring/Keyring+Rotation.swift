package import SignetStore

extension Keyring {
    /// Makes the changes to keys that are due at `now`, such as creating the next key or removing an expired one.
    /// ``KeyPlan`` computes them. Blocks the thread.
    ///
    /// If several nodes call this at once, one node makes the changes, and the other nodes return no changes.
    /// - Parameter rotating: `true` if this node may create and schedule keys; `false` if this node's settings leave
    ///   rotation to commands. With `false`, the rotation interval in `keyring.json` is ignored, because another node
    ///   may have stored it.
    /// - Returns: the changes that were made.
    /// - Throws: every `KeyringError` code except `refused`. After an error, the changes stay due.
    package func advance(rotating: Bool = true, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard !KeyPlan(for: snapshot.document, at: now, rotating: rotating).isEmpty else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            // Compute the plan again from the content of keyring.json that was just read, because another node may
            // already have made the changes.
            let plan = KeyPlan(for: draft.document, at: now, rotating: rotating)
            for step in plan.steps { draft.apply(step) }
            if let activation = plan.newKeyActivation {
                draft.addGenerated(try generator.key(for: draft.document), activatesAt: activation)
            }
        }
        return changes ?? []
    }

    /// Whether a key has to be created at `now`. If so, call ``prepareKey()`` before ``advance(rotating:at:)``.
    package func needsKey(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).newKeyActivation != nil
    }

    /// Whether this node's clock shows an earlier time than the last change of the keyring, by more than the clock
    /// tolerance (how far a clock may be off). While it does, ``advance(rotating:at:)`` makes no change.
    package func clockIsBehind(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).clockIsBehind
    }

    /// Stores `policy` in the keyring. Also deletes files that a crash left behind: half-written files, and key files
    /// that `keyring.json` does not name. A service calls this when it starts.
    ///
    /// If the policy is already stored and there is no such file, nothing is locked or written, so the directory may be
    /// read-only.
    /// - Returns: the changes that were made.
    package func adopt(_ policy: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        var changes: [KeyChange] = []
        if snapshot.document.policy.adopting(policy, at: now) != snapshot.document.policy {
            changes =
                try change(waiting: true, isCommand: false, at: now) { draft, _ throws(KeyringError) in
                    draft.setPolicy(draft.document.policy.adopting(policy, at: draft.now))
                } ?? []
        }
        let writer = KeyringWriter(files: files, passphrase: passphrase)
        guard try !writer.leftovers(of: snapshot.document).isEmpty else { return changes }
        try files.withLock { () throws(KeyringError) in
            // If another process has replaced keyring.json since this process read it, the new keyring.json may name
            // the files that look unused. Delete nothing in that case.
            guard files.fingerprint(of: KeyringDocument.fileName) == snapshot.fingerprint else { return }
            try writer.removeLeftovers(of: snapshot.document)
        }
        return changes
    }

    /// Raises each lifetime in the stored policy to at least that of `policy`. A running node calls this, because a
    /// node with shorter lifetimes may have replaced the stored policy, while this node still issues tokens with its
    /// own lifetimes.
    /// - Returns: the changes that were made.
    package func cover(_ policy: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard snapshot.document.policy.covering(policy, at: now) != snapshot.document.policy else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            draft.setPolicy(draft.document.policy.covering(policy, at: draft.now))
        }
        return changes ?? []
    }
}
