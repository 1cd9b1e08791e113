package import SignetKeyring
package import SignetStore

extension AuditTrail {
    /// Records keys that began to sign, each with the time at which it did, whenever that was noticed and by however
    /// many services: a record that is there is not written again, and neither is one that would be older than the
    /// oldest, since it was trimmed.
    /// - Throws: `busy`, `storeUnavailable`.
    package func record(_ activations: Set<KeyActivation>, in store: any Store) async throws {
        guard !activations.isEmpty else { return }
        try await IssuerError.translating {
            try await store.write { writer in
                guard let oldest = try writer.auditEntries(after: 0, limit: 1).first?.record() else { return }
                for activation in activations.sorted(by: { $0.time < $1.time }) where activation.time >= oldest.time {
                    let event = AuditEvent(.keyActivated, by: .issuer, object: activation.kid)
                    let span = activation.time...activation.time
                    let isThere = try writer.auditEntries(in: span, before: .max, limit: 1000).contains { entry in
                        let record = try entry.record()
                        return record.type == event.type && record.object == event.object && record.reason.isEmpty
                    }
                    if !isThere { try AuditChain.append(event, at: activation.time, in: writer) }
                }
            }
        }
    }
}
