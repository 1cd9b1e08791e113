import ArgumentParser
import JOSE
import SignetKeyring
import SignetStore

/// `signet keys export`
struct KeysExport: AsyncParsableCommand {
    /// How a public key is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pem
        case jwk
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print public keys, for verifiers that cannot fetch them.",
        discussion: """
            As PEM, or with --format jwk as a JWK set. Such a verifier has to be given every next key before it signs. \
            Private keys are never printed. A kid that begins with a dash goes behind '--'.
            """)

    @Flag(name: .customLong("public"), help: "Print public keys; there is no other kind to print.") var isPublic = false
    @Option(help: "pem or jwk.") var format = Format.pem
    @Argument(help: "The kid of one key; all published keys otherwise.") var kid: String?
    @OptionGroup var keys: KeysOptions

    func validate() throws {
        guard isPublic else { throw ValidationError("Only public keys are exported: say --public.") }
    }

    func run() async throws {
        let overview = try await keys.overview()
        let kids = overview.listing(at: .system()).filter { $0.state != .gone }.map(\.kid)
        if let kid, !kids.contains(kid) { throw Failure("no such key: \(kid)") }
        let chosen = kid.map { [$0] } ?? kids
        switch format {
        case .pem:
            do {
                for kid in chosen { print(try overview.pem(of: kid) ?? "", terminator: "") }
            } catch {
                throw Failure(describing: error)
            }
        case .jwk:
            let jwks = chosen.compactMap { overview.jwk(of: $0) }.map { JSONValue.object($0) }
            JSONOutput.print(.object(["keys": .array(jwks)]))
        }
    }
}
