package import SignetKeyring
package import SignetStore

// This file writes audit records about signing keys. Key files are not part of a store transaction, so each record is
// written after the key files have changed.

extension AuditTrail {
    /// Records the same event for several keys.
    /// - Parameter keyIDs: RFC 7638 thumbprints.
    /// - Throws: `busy` if the store's write queue is full; `storeUnavailable` if the store cannot be written.
    package func recordKeys(_ keyIDs: [String], _ type: AuditType, by actor: AuditActor = .issuer) async throws {
        try await IssuerError.translating {
            try await store.write(keyIDs.map { change(for: AuditEvent(type, by: actor, object: $0)) })
        }
    }

    /// Writes an audit record for each change of the keyring that is a security event.
    /// - Throws: `busy` if the store's write queue is full; `storeUnavailable` if the store cannot be written.
    package func record(_ changes: [KeyChange], by actor: AuditActor, in store: any Store) async throws {
        let time = now()
        let events = changes.compactMap { change in
            if case .scheduled(let keyID, let activatesAt) = change {
                return change.auditEvent(
                    by: actor, atOnce: changes.contains(.generated(keyID: keyID)) && activatesAt <= time)
            }
            return change.auditEvent(by: actor)
        }
        guard !events.isEmpty else { return }
        try await IssuerError.translating {
            try await store.write(events.map { change(for: $0) })
        }
    }

    /// Records that keys became active, each with the time of its activation.
    ///
    /// Several processes may report the same activation. An activation that the audit log already contains is skipped.
    /// An activation older than the oldest record is skipped too, because its record may have been trimmed.
    /// - Throws: `busy` if the store's write queue is full; `storeUnavailable` if the store cannot be written.
    package func record(_ activations: Set<KeyActivation>, in store: any Store) async throws {
        guard !activations.isEmpty else { return }
        try await IssuerError.translating {
            try await store.write(loading: StoreLookup(auditTimes: activations.map(\.time))) { loaded in
                guard let audit = loaded.audit, let oldest = try audit.oldest?.record() else {
                    return StoreDecision([])
                }
                var changes: [StoreChange] = []
                for activation in activations.sorted(by: { $0.time < $1.time }) where activation.time >= oldest.time {
                    let event = AuditEvent(.keyActivated, by: .issuer, object: activation.keyID)
                    let isThere = try audit.entries[activation.time, default: []].contains { entry in
                        let record = try entry.record()
                        return record.type == event.type && record.object == event.object && record.reason.isEmpty
                    }
                    if !isThere { changes.append(AuditChain.change(for: event, at: activation.time)) }
                }
                return StoreDecision(changes)
            }
        }
    }
}

extension KeyChange {
    /// The event that the audit log records for the change; `nil` if the change is not a security event.
    ///
    /// For a scheduled activation, the event says that the activation was scheduled. When the key later becomes active,
    /// the audit log gets a second record, from a ``KeyActivation``.
    /// - Parameter atOnce: `true` if the key is active from its creation. The event then says that the key became
    ///   active, and there is no second record.
    func auditEvent(by actor: AuditActor, atOnce: Bool = false) -> AuditEvent? {
        switch self {
        case .generated(let keyID): AuditEvent(.keyGenerated, by: actor, object: keyID)
        case .imported(let keyID): AuditEvent(.keyImported, by: actor, object: keyID)
        case .scheduled(let keyID, _):
            AuditEvent(.keyActivated, by: actor, object: keyID, reason: atOnce ? "" : "scheduled")
        case .retired(let keyID): AuditEvent(.keyRetired, by: actor, object: keyID)
        case .revoked(let keyID): AuditEvent(.keyRevoked, by: actor, object: keyID)
        case .secretGenerated(let id, _):
            AuditEvent(.keyGenerated, by: actor, object: "refresh-\(id)", reason: "refresh_secret")
        case .secretRemoved(let id):
            AuditEvent(.keyRetired, by: actor, object: "refresh-\(id)", reason: "refresh_secret")
        case .reencrypted(let isEncrypted):
            AuditEvent(.keyPassphraseChanged, by: actor, reason: isEncrypted ? "set" : "removed")
        case .removed, .policyChanged: nil
        }
    }
}
