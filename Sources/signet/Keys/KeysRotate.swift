import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetStore

/// `signet keys rotate`
struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Let the next key sign once it was published for the lead; make it when there is none.",
        discussion: """
            Nobody notices: every verifier that keeps keys no longer than it was told has the key by then. With --now it \
            signs at once, and verifiers that still keep the keys of before refuse new tokens until they ask again. For \
            a key that leaked there is 'signet keys revoke'.
            """)

    @Flag(help: "Sign at once, whoever does not have the key yet.") var now = false
    @Flag(help: "Do not ask, whatever breaks.") var yes = false
    @Flag(
        name: .customLong("refresh-secret"),
        help: "Rotate the secret behind refresh tokens instead. Nobody is logged out.")
    var refreshSecret = false
    @OptionGroup var keys: KeysOptions

    func validate() throws {
        if refreshSecret && now { throw ValidationError("--refresh-secret and --now exclude each other.") }
    }

    func run() async throws {
        if now { try await confirm() }
        try await keys.change { keyring in
            if !refreshSecret { try keyring.prepareKey() }
            return refreshSecret ? try keyring.rotateRefreshSecret() : try keyring.rotate(immediately: now)
        }
    }

    /// Says what breaks, and has somebody answer for it.
    private func confirm() async throws {
        let overview = try await keys.overview()
        guard let end = overview.harmlessActivation(at: .system()) else { return }
        let seconds = overview.publicationMaxAge.components.seconds
        StandardError.write(
            """
            The key has not been published for long enough. Verifiers that keep the keys they have (up to \(seconds)s, \
            and longer where they do not go by Cache-Control) refuse every new token until they ask again. Without --now \
            the key signs from \(end.text) on and nobody notices.
            """)
        guard !yes else { return }
        guard try Confirmation.ask("Sign with it now?") else { throw Failure("nothing was changed") }
    }
}
