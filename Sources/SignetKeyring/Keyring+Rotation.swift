package import SignetStore

extension Keyring {
    /// Does what is due at `now` by ``KeyPlan``. Blocks: making a key takes tenths of a second.
    ///
    /// Of several nodes one does it; for the others there is nothing to do, or the lock is not free.
    /// - Parameter rotating: whether this node may make a successor, or decide when one signs. One that is told that keys
    ///   change by command only may not, whatever the keyring says: its directory may be a copy of another one.
    /// - Returns: what was done.
    /// - Throws: all codes but `refused`; what was due stays due.
    package func advance(rotating: Bool = true, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard !KeyPlan(for: snapshot.document, at: now, rotating: rotating).due.isEmpty else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft throws(KeyringError) in
            // Another node may have done it since.
            for step in KeyPlan(for: draft.document, at: now, rotating: rotating).due { try draft.apply(step) }
        }
        return changes ?? []
    }

    /// Whether a key has to be made at `now`; ``prepareKey()`` then comes before ``advance(rotating:at:)``.
    package func needsKey(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).due.contains { if case .generate = $0 { true } else { false } }
    }

    /// Whether the clock is behind the one that wrote the keyring, by more than clocks may differ; nothing is due then.
    package func clockIsBehind(at now: Timestamp = .system()) -> Bool {
        KeyPlan(for: snapshot.document, at: now).clockIsBehind
    }

    /// Makes `terms` those of the keyring, as a service does when it starts, and deletes what a crash left behind.
    ///
    /// Where there is nothing to do, nothing is locked or written: the directory may be read-only then.
    package func adopt(_ terms: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        var changes: [KeyChange] = []
        if snapshot.document.terms.adopting(terms, at: now) != snapshot.document.terms {
            changes =
                try change(waiting: true, isCommand: false, at: now) { draft throws(KeyringError) in
                    draft.setTerms(draft.document.terms.adopting(terms, at: draft.now))
                } ?? []
        }
        let writer = KeyringWriter(files: files, passphrase: passphrase)
        guard try !writer.leftovers(of: snapshot.document).isEmpty else { return changes }
        try files.withLock { () throws(KeyringError) in
            // Only the present version says what is left over.
            guard files.stamp(of: KeyringDocument.fileName) == snapshot.stamp else { return }
            try writer.sweep(keeping: snapshot.document)
        }
        return changes
    }

    /// Makes the keyring last for what this service hands out under `terms`, when another one has set shorter lives.
    package func cover(_ terms: KeyPolicy, at now: Timestamp = .system()) throws(KeyringError) -> [KeyChange] {
        guard snapshot.document.terms.covering(terms, at: now) != snapshot.document.terms else { return [] }
        let changes = try change(waiting: false, isCommand: false, at: now) { draft throws(KeyringError) in
            draft.setTerms(draft.document.terms.covering(terms, at: draft.now))
        }
        return changes ?? []
    }
}
