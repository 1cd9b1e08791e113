import ArgumentParser
import Foundation

/// Measures how many tokens a second each contestant verifies, all of them in one interleaved run.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verifications a second, in one interleaved run, beside the floor.")

    /// How long a contestant works before the next one has its turn.
    private static let slice = Duration.milliseconds(200)

    @Option(help: "Seconds that each contestant works in all, in slices of 0.2 s.")
    var seconds = 3.0

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Option(
        help: "A file with the token to verify, of the issuer and audience in the peers' programs; else one is minted.")
    var token: String?

    @Option(help: "A file with the JWK set of the one 2048-bit key that signed --token.")
    var jwks: String?

    @Option(help: "Measure nobody but the floor and those whose name contains this.")
    var only: String?

    @Option(help: "NAME=PROGRAM: run `PROGRAM verify SECONDS` as well, in the same run. May be repeated.")
    var peer: [Peer] = []

    func validate() throws {
        guard seconds >= 0.2, seconds <= 600 else { throw ValidationError("--seconds: expected 0.2 to 600") }
        guard (token == nil) == (jwks == nil) else { throw ValidationError("--token and --jwks go together") }
    }

    func run() async throws {
        let fixture =
            if let token, let jwks { try Fixture(tokenFile: token, jwksFile: jwks) } else { try Fixture() }
        let rounds = Int((seconds / 0.2).rounded())
        let everybody = try await fixture.contestants() + peer.map(Contestant.init)
        var run = InterleavedRun(
            contestants: everybody.enumerated().filter { index, contestant in
                index == 0 || only.map(contestant.name.contains) ?? true
            }.map(\.element))
        try await run.controls(fixture)
        try await run.measure(rounds: rounds, slice: Self.slice)
        let report = Report(run, fixture: fixture, rounds: rounds, slice: Self.slice)
        print(json ? try report.json() : report.table())
    }
}
