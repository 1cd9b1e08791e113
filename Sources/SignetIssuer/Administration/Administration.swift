package import SignetStore

/// What an operator does to accounts, clients and sessions. Needs the store alone, no keys, and works while a server
/// uses the same store.
///
/// Methods throw an ``IssuerError``: `storeUnavailable` and `busy` all of them, others as they say.
package struct Administration: Sendable {
    let store: any Store
    let now: @Sendable () -> Timestamp
    let audit: AuditTrail

    /// - Parameter now: the wall clock.
    package init(store: any Store, now: @escaping @Sendable () -> Timestamp = Timestamp.system) {
        self.store = store
        self.now = now
        audit = AuditTrail(store: store, now: now)
    }
}
