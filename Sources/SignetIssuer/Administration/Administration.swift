package import SignetStore

// The folder Administration holds the operations of an operator. They need the store but no signing keys, and may run
// while servers use the same store. The operations of users, apps and services are in `Issuer`.

/// The operations of an operator on users, sessions, clients and the audit log.
///
/// All methods throw an ``IssuerError``. Every method can throw `storeUnavailable`. A method that writes to the store
/// can also throw `busy`.
package struct Administration: Sendable {
    let store: any Store
    let now: @Sendable () -> Timestamp
    let audit: AuditTrail

    /// Creates the operations on `store`.
    /// - Parameter now: returns the time of the wall clock.
    package init(store: any Store, now: @escaping @Sendable () -> Timestamp = Timestamp.system) {
        self.store = store
        self.now = now
        audit = AuditTrail(store: store, now: now)
    }
}
