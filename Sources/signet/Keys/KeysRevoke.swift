import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetStore

/// `signet keys revoke`
struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Drop a key that can be trusted no more, at once.",
        discussion: """
            It leaves the published keys, and all its access tokens introspect as inactive from then on. When it is the \
            key that signs, the next key does at once, or a new one when there is none; keys that were replaced before \
            never sign again. Sessions go on: clients refresh and get tokens of the key that signs. Verifiers that do not \
            introspect accept tokens of the revoked key until they fetch the keys again, which the issuer cannot hasten; \
            those that still keep the old keys refuse tokens of a key that they have not seen. It cannot be undone, and \
            the key cannot be imported again.

            When all the keys may have leaked, revoke every other key that 'signet keys list' shows, and the one that \
            signs last: then a new one is made. A kid that begins with a dash goes behind '--'.
            """)

    @Argument(help: "The key's kid.") var kid: String
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        try await keys.change(opening: KeysOptions.openToRevoke) { keyring in
            try keyring.revoke(kid)
        } adding: { keyring, changes in
            let overview = keyring.overview
            let seconds = overview.publicationMaxAge.components.seconds
            StandardError.write(
                """
                Verifiers that do not introspect accept its tokens for up to \(seconds)s more, and longer where they do not \
                go by Cache-Control.
                """)
            let signing = overview.listing(at: .system()).first(where: \.isSigning)
            StandardError.write(signing.map { Self.text(of: $0, changes, seconds) } ?? "No key signs now.")
            let otherwise = overview.isEncrypted ? "Unless the passphrase is another one, restore" : "Restore"
            for kid in keyring.unreadKeys(at: .system()) {
                StandardError.write(
                    """
                    Key \(kid) is to sign and could not be read. \(otherwise) its file from a backup, or revoke it as well: \
                    services do not start before.
                    """)
            }
        }
    }

    /// Says which key signs now, and who knows it.
    /// - Parameter seconds: for how long verifiers may keep the published keys.
    private static func text(of signing: KeyListing, _ changes: [KeyChange], _ seconds: Int64) -> String {
        let refused = "refuse its tokens for up to \(seconds)s, and longer where they do not go by Cache-Control"
        if changes.contains(.generated(kid: signing.kid)) {
            return """
                Key \(signing.kid) signs now. It is new: verifiers that do not ask for keys they do not know \(refused).
                """
        }
        let isPromoted = changes.contains { if case .scheduled(signing.kid, _) = $0 { true } else { false } }
        guard isPromoted else { return "Key \(signing.kid) signs now, as before." }
        let known =
            signing.isKnown
            ? "It has been published since \(signing.createdAt.text): verifiers know it."
            : "It was published at \(signing.createdAt.text): verifiers that have not fetched the keys since \(refused)."
        return """
            Key \(signing.kid) signs now. \(known) It lay in the same directory: revoke it as well if it may have leaked \
            with this one.
            """
    }
}
