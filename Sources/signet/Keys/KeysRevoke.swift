import ArgumentParser
import SignetIssuer

/// `signet keys revoke`
struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Drop a key that can be trusted no more, at once.",
        discussion: """
            It leaves the published keys, another key signs at once, and all its access tokens introspect as inactive \
            from then on. Sessions go on: clients refresh and get tokens of the other key. Verifiers that do not \
            introspect accept its tokens until they fetch the keys again, which the issuer cannot hasten; those that \
            still keep the old keys refuse tokens of a key that they have not seen. It cannot be undone, and the key \
            cannot be imported again.

            The next key signs when there is one. When all the keys may have leaked, revoke the next ones first and the \
            signing one last: then a new one is made. A kid that begins with a dash goes behind '--'.
            """)

    @Argument(help: "The key's kid.") var kid: String
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        try await keys.change { keyring in
            try keyring.revoke(kid)
        } adding: { keyring, changes in
            let seconds = keyring.overview.publicationMaxAge.components.seconds
            StandardError.write(
                """
                Verifiers that do not introspect accept its tokens for up to \(seconds)s more, and longer where they do not \
                go by Cache-Control.
                """)
            for case .scheduled(let successor, _) in changes where !changes.contains(.generated(kid: successor)) {
                StandardError.write(
                    """
                    Key \(successor), which signs now, was made earlier and lay in the same directory: revoke it as well \
                    if it may have leaked with this one.
                    """)
            }
        }
    }
}
