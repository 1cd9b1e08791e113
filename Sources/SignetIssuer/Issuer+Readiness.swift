import SignetKeyring
package import SignetStore

extension Issuer {
    /// Checks that the issuer can serve requests: the store can be read and a signing key is active.
    /// - Throws: ``IssuerError`` `storeUnavailable` or `busy`.
    package func checkReadiness(at now: Timestamp = .system()) throws {
        try IssuerError.translating { _ = try store.read { reader in try reader.users(after: nil, limit: 1).count } }
        guard keyring.signingKeyID(at: now) != nil else {
            throw IssuerError(.storeUnavailable, "the keyring has no active signing key")
        }
    }
}
