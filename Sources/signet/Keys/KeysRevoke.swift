import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetStore

/// `signet keys revoke`: removes a leaked signing key at once.
struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Remove a leaked signing key at once. This cannot be undone.",
        discussion: """
            The key leaves the published keys, its access tokens introspect as inactive, and it cannot be imported \
            again. Sessions continue: clients refresh and receive tokens of another key.

            If the revoked key was active, the next key becomes active at once. If there is no next key, a new one \
            is created. A retired key never becomes active again.

            Verifiers that do not introspect accept tokens of the revoked key until they fetch the published keys \
            again. Verifiers that cached the old keys reject tokens of a new key until then.

            If all keys may have leaked, first revoke every key that is not active, then the active key.
            """)

    @Argument(help: "Id of the key, as 'signet keys list' shows it.") var kid: String
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        try await keys.change(opening: { try $0.openToRevoke() }) { keyring in
            try keyring.revoke(kid)
        } adding: { keyring, changes in
            let overview = keyring.overview
            let seconds = overview.publicationMaxAge.components.seconds
            StandardError.write(
                """
                Verifiers that do not introspect accept tokens of the revoked key for up to \(seconds)s more, or \
                longer if they ignore Cache-Control.
                """)
            let signing = overview.listing(at: .system()).first(where: \.isSigning)
            StandardError.write(
                signing.map { Self.text(of: $0, changes, seconds) }
                    ?? "No key is active now: the service cannot issue tokens.")
            let restore = overview.isEncrypted ? "Check the passphrase, restore" : "Restore"
            for keyID in keyring.unreadableKeys(at: .system()) {
                StandardError.write(
                    """
                    The file of key \(keyID), which is due to sign, cannot be read. \(restore) the file from a backup, \
                    or revoke this key as well. Until then, services do not start.
                    """)
            }
        }
    }

    /// A message for the user: which key signs after the revocation, and how long verifiers may reject its tokens. A
    /// verifier rejects them while its cached copy of the published keys is older than the key.
    /// - Parameter seconds: the longest time in seconds for which verifiers may cache the published keys.
    private static func text(of signing: KeyListing, _ changes: [KeyChange], _ seconds: Int64) -> String {
        let rejection = "reject its tokens for up to \(seconds)s, or longer if they ignore Cache-Control"
        if changes.contains(.generated(keyID: signing.keyID)) {
            return """
                Key \(signing.keyID) is active now. It is new: verifiers that do not fetch unknown keys \(rejection).
                """
        }
        let isPromoted = changes.contains { if case .scheduled(signing.keyID, _) = $0 { true } else { false } }
        guard isPromoted else { return "Key \(signing.keyID) is still active." }
        let known =
            signing.isKnown
            ? "It was published at \(signing.createdAt.rfc3339Seconds), so verifiers have it."
            : """
            It was published at \(signing.createdAt.rfc3339Seconds): verifiers that have not fetched the keys since then \
            \(rejection).
            """
        return """
            Key \(signing.keyID) is active now. \(known) It was in the same directory as the revoked key: revoke it as \
            well if it may have leaked.
            """
    }
}
