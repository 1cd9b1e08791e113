package import SignetStore

extension Keyring {
    /// Makes the changes that are due at `now` according to ``KeyPlan``. Blocks.
    ///
    /// If several nodes try at once, one succeeds. The others find nothing to do, or the lock taken.
    /// - Parameter rotating: whether this node may create and schedule keys. Pass `false` on a node whose settings
    ///   leave rotation to commands, even if `keyring.json` has a rotation interval: the directory may be a copy of
    ///   another one.
    /// - Returns: the changes that were made.
    /// - Throws: all codes but `refused`. The changes stay due.
    package func advance(rotating: Bool = true, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard !KeyPlan(for: snapshot.document, at: now, rotating: rotating).isEmpty else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            // Another node may have made the changes since the snapshot was read, so the plan is computed again.
            let plan = KeyPlan(for: draft.document, at: now, rotating: rotating)
            for step in plan.steps { draft.apply(step) }
            if let activation = plan.newKeyActivation {
                draft.addGenerated(try generator.key(for: draft.document), activatesAt: activation)
            }
        }
        return changes ?? []
    }

    /// Whether a key has to be created at `now`. Call ``prepareKey()`` before ``advance(rotating:at:)`` then.
    package func needsKey(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).newKeyActivation != nil
    }

    /// Whether this clock is behind the time of the last change by more than the clock tolerance. Then nothing is due.
    package func clockIsBehind(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).clockIsBehind
    }

    /// Stores `policy` in the keyring and deletes the files that a crash left behind. A service calls this when it
    /// starts.
    ///
    /// If there is nothing to do, nothing is locked or written, so the directory may be read-only.
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
            // Another version of keyring.json may name these files by now.
            guard files.fingerprint(of: KeyringDocument.fileName) == snapshot.fingerprint else { return }
            try writer.removeLeftovers(of: snapshot.document)
        }
        return changes
    }

    /// Raises the lifetimes in the keyring to those of `policy`, if another service has stored shorter ones. A running
    /// service calls this, because its tokens keep the lifetimes of its own settings.
    /// - Returns: the changes that were made.
    package func cover(_ policy: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard snapshot.document.policy.covering(policy, at: now) != snapshot.document.policy else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft, _ throws(KeyringError) in
            draft.setPolicy(draft.document.policy.covering(policy, at: draft.now))
        }
        return changes ?? []
    }
}
