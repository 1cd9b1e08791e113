package import SignetKeyring
package import SignetStore

extension KeyChange {
    /// What the audit log says about it; `nil` for what is no security event.
    ///
    /// That a key is to sign is recorded from this, when it is decided; that it signs, from a ``KeyActivation``, unless
    /// both are one.
    /// - Parameter atOnce: for a key that signs from the moment it was made.
    func auditEvent(by actor: AuditActor, atOnce: Bool = false) -> AuditEvent? {
        switch self {
        case .generated(let kid): AuditEvent(.keyGenerated, by: actor, object: kid)
        case .imported(let kid): AuditEvent(.keyImported, by: actor, object: kid)
        case .scheduled(let kid, _):
            AuditEvent(.keyActivated, by: actor, object: kid, reason: atOnce ? "" : "scheduled")
        case .retired(let kid): AuditEvent(.keyRetired, by: actor, object: kid)
        case .revoked(let kid): AuditEvent(.keyRevoked, by: actor, object: kid)
        case .secretGenerated(let id, _):
            AuditEvent(.keyGenerated, by: actor, object: "refresh-\(id)", reason: "refresh_secret")
        case .secretRemoved(let id):
            AuditEvent(.keyRetired, by: actor, object: "refresh-\(id)", reason: "refresh_secret")
        case .resealed(let isEncrypted):
            AuditEvent(.keyPassphraseChanged, by: actor, reason: isEncrypted ? "set" : "removed")
        case .removed, .termsChanged: nil
        }
    }
}

extension AuditTrail {
    /// Records what was done to the keyring. It lies beside the store, so this comes after the change and not with it.
    /// - Throws: `busy`, `storeUnavailable`.
    package func record(_ changes: [KeyChange], by actor: AuditActor, in store: any Store) async throws {
        let time = now()
        let events = changes.compactMap { change in
            if case .scheduled(let kid, let activatesAt) = change {
                return change.auditEvent(
                    by: actor, atOnce: changes.contains(.generated(kid: kid)) && activatesAt <= time)
            }
            return change.auditEvent(by: actor)
        }
        guard !events.isEmpty else { return }
        try await IssuerError.translating {
            try await store.write { writer in
                for event in events { try self.record(event, in: writer) }
            }
        }
    }
}
