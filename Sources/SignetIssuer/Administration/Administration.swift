package import SignetStore

// The folder Administration holds the operations of an operator. They need the store but no keys. They work while
// servers use the store. `Issuer` has the operations of users, apps and services.

/// The operations of an operator on users, sessions, clients and the audit log.
///
/// All methods throw an ``IssuerError``. Any of them can throw `storeUnavailable`, and those that write `busy`.
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
