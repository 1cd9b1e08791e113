package import SignetStore

extension KeyChange {
    /// What the audit log says about it; `nil` for what is no security event.
    func auditEvent(by actor: AuditActor) -> AuditEvent? {
        switch self {
        case .generated(let kid): AuditEvent(.keyGenerated, by: actor, object: kid)
        case .imported(let kid): AuditEvent(.keyImported, by: actor, object: kid)
        case .scheduled(let kid, _): AuditEvent(.keyActivated, by: actor, object: kid, reason: "scheduled")
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
        let events = changes.compactMap { $0.auditEvent(by: actor) }
        guard !events.isEmpty else { return }
        try await IssuerError.translating {
            try await store.write { writer in
                for event in events { try self.record(event, in: writer) }
            }
        }
    }
}
