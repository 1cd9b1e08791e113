import ArgumentParser
import JOSE
import SignetKeyring
import SignetStore

/// `signet keys export`: prints the public key of one signing key, or of all.
struct KeysExport: AsyncParsableCommand {
    /// The output formats for a public key.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pem
        case jwk
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print public keys, for verifiers that cannot fetch them.",
        discussion: """
            Give such a verifier every next key before the key becomes active. Private keys are never printed.

              signet keys export --public --format jwk > jwks.json
            """)

    @Flag(name: .customLong("public"), help: "Required: confirms that you expect public keys only.")
    var isPublic = false
    @Option(help: "Print PEM blocks or one JWK set.") var format = Format.pem
    @Argument(help: "Id of one key. Without it, all published keys are printed.") var kid: String?
    @OptionGroup var keys: KeysDirectoryOptions

    func validate() throws {
        guard isPublic else { throw ValidationError("Pass --public: only public keys can be exported.") }
    }

    func run() async throws {
        let overview = try keys.overview()
        let kids = overview.listing(at: .system()).filter { $0.state != .gone }.map(\.keyID)
        if let kid, !kids.contains(kid) {
            throw Failure("no published key has the id \(kid); 'signet keys list' shows all keys")
        }
        let chosen = kid.map { [$0] } ?? kids
        switch format {
        case .pem:
            for kid in chosen { print(try overview.pem(of: kid) ?? "", terminator: "") }
        case .jwk:
            let jwks = chosen.compactMap { overview.jwk(of: $0) }.map { JSONValue.object($0) }
            JSONOutput.print(.object(["keys": .array(jwks)]))
        }
    }
}
