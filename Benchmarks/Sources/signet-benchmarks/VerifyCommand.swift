import ArgumentParser
import BenchmarkRun

/// Measures how many tokens per second Signet and other libraries verify. The libraries take turns in one run.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Measure verifications per second beside the floor and other libraries.")

    /// How long one library verifies tokens before the next library takes its turn.
    private static let slice = Duration.milliseconds(200)

    @Option(help: "Seconds of work for each contestant, in turns of 0.2 s.")
    var seconds = 3.0

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Option(
        help:
            "File with the token to verify. It needs the issuer and audience of the peers' programs. Default: a new token."
    )
    var token: String?

    @Option(help: "File with the JWK set of the 2048-bit key that signed --token.")
    var jwks: String?

    @Option(help: "Measure only the floor and the contestants whose name contains this text.")
    var only: String?

    @Option(help: "NAME=PROGRAM: also run `PROGRAM verify SECONDS` as a contestant. May be repeated.")
    var peer: [Peer] = []

    func validate() throws {
        guard seconds >= 0.2, seconds <= 600 else { throw ValidationError("--seconds: expected 0.2 to 600") }
        guard (token == nil) == (jwks == nil) else { throw ValidationError("--token and --jwks go together") }
    }

    func run() async throws {
        let fixture =
            if let token, let jwks { try Fixture(tokenFile: token, jwksFile: jwks) } else { try Fixture() }
        let rounds = Int((seconds / 0.2).rounded())
        let all = try await fixture.contestants() + peer.map(\.contestant)
        let chosen = all.enumerated().filter { index, contestant in
            index == 0 || only.map(contestant.name.contains) ?? true
        }.map(\.element)
        let run = try await InterleavedRun(chosen, rounds: rounds, slice: Self.slice)
        let report = Report(run, fixture: fixture, rounds: rounds, slice: Self.slice)
        print(json ? try report.json() : report.table())
    }
}
