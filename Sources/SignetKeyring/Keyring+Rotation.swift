package import SignetStore

extension Keyring {
    /// Makes the changes that ``KeyPlan`` says are due at `now`. Blocks the thread.
    ///
    /// If several nodes call this at once, one node makes the changes. The other nodes find no change due, or find the
    /// lock taken, and return no changes.
    /// - Parameter rotating: `true` if this node may create and schedule keys. Pass `false` on a node whose settings
    ///   leave rotation to commands, even if `keyring.json` has a rotation interval. The directory may be a copy of
    ///   another node's directory.
    /// - Returns: the changes that were made.
    /// - Throws: every `KeyringError` code except `refused`. The changes then stay due.
    package func advance(rotating: Bool = true, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard !KeyPlan(for: snapshot.document, at: now, rotating: rotating).isEmpty else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            // Compute the plan again, because another node may have made the changes since the snapshot was read.
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

    /// Whether this node's clock is behind the time of the last change by more than the clock tolerance. If so, no
    /// change is due.
    package func clockIsBehind(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).clockIsBehind
    }

    /// Stores `policy` in the keyring, and deletes the key files and drafts that a crash left behind. A service calls
    /// this when it starts.
    ///
    /// If the policy is already stored and no such files exist, Signet takes no lock and writes nothing. The directory
    /// may then be read-only.
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
            // If keyring.json was replaced after it was read, it may name these files, so they stay.
            guard files.fingerprint(of: KeyringDocument.fileName) == snapshot.fingerprint else { return }
            try writer.removeLeftovers(of: snapshot.document)
        }
        return changes
    }

    /// Raises the lifetimes in the keyring to those of `policy` if another service has stored shorter lifetimes. A
    /// running service calls this, because it still issues tokens with the lifetimes of its own settings.
    /// - Returns: the changes that were made.
    package func cover(_ policy: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard snapshot.document.policy.covering(policy, at: now) != snapshot.document.policy else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            draft.setPolicy(draft.document.policy.covering(policy, at: draft.now))
        }
        return changes ?? []
    }
}
