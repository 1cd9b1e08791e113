import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetStore

/// `signet keys rotate`: schedules the next signing key, or activates it now.
struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Schedule the next key to become active once every verifier has had time to fetch it.",
        discussion: """
            Creates a key if none is waiting. No verifier that obeys the cache lifetime of the published keys \
            rejects a token. The times come from keyring.json, where the service stores its settings at its start.

            The command is refused if the next key is scheduled for that time or earlier already, as it normally \
            is when the service created the key. Use --now if the key must become active sooner.

            If a key has leaked, use 'signet keys revoke' instead.
            """)

    @Flag(help: "Activate the key now. Verifiers that cached the old keys reject new tokens until they fetch again.")
    var now = false
    @Flag(help: "Skip the confirmation prompt of --now.") var yes = false
    @Flag(
        name: .customLong("refresh-secret"),
        help: "Rotate the refresh token HMAC key instead. All sessions continue.")
    var refreshSecret = false
    @OptionGroup var keys: KeysOptions

    func validate() throws {
        if refreshSecret && now { throw ValidationError("Pass --refresh-secret or --now, not both.") }
    }

    func run() async throws {
        if now { try confirm() }
        try await keys.change { keyring in
            if !refreshSecret { try keyring.prepareKey() }
            return refreshSecret ? try keyring.rotateRefreshSecret() : try keyring.rotate(immediately: now)
        }
    }

    /// If verifiers may reject new tokens, tells the user so and asks for confirmation, unless `--yes` is set.
    /// - Throws: ``Failure`` if the user does not confirm.
    private func confirm() throws {
        let overview = try keys.overview()
        guard let end = overview.harmlessActivation(at: .system()) else { return }
        let seconds = overview.publicationMaxAge.components.seconds
        StandardError.write(
            """
            Some verifiers do not have the key yet. Verifiers that cached the published keys (for up to \(seconds)s, \
            or longer if they ignore Cache-Control) reject every new token until they fetch the keys again. Without \
            --now, the key becomes active at \(end.rfc3339Seconds) and no token is rejected.
            """)
        guard !yes else { return }
        guard try Prompt.confirm("Activate the key now?") else { throw Failure("nothing was changed") }
    }
}
