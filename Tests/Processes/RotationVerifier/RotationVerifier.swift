import Glibc
import SignetVerifier
import SignetVerifierHTTP

/// A program that verifies tokens, for tests that rotate keys every few seconds. It caches the issuer's keys only for a
/// second.
///
/// Usage: `rotation-verifier ISSUER AUDIENCE`. The program reads one token per line. For each token it prints `good`,
/// or the error if it refuses the token.
@main
enum RotationVerifier {
    static func main() async throws {
        let arguments = CommandLine.arguments
        var configuration = RemoteKeyConfiguration()
        configuration.usualLifetime = .seconds(1)
        configuration.minimumLifetime = .seconds(1)
        let keys = try RemoteKeySource(
            issuer: arguments[1], fetcher: HTTPClientFetcher.shared, configuration: configuration)
        let policy = try VerificationPolicy(issuer: arguments[1], audiences: [arguments[2]])
        let verifier = Verifier(policy: policy, keys: keys)
        while let token = readLine() {
            do {
                _ = try await verifier.verify(token)
                report("good")
            } catch {
                report("\(error)")
            }
        }
    }

    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
