import CDiskFaults
import Glibc
import SignetClient
import SignetVerifierHTTP

/// A process with a session of its own over a token file that it shares; the tests' other half.
///
/// `session-process ISSUER FILE FAULT NUMBER`: reads a line for every token it is to get, which is the access token that
/// was refused, or empty; prints the access token or the code of the error. The fault strikes while the first pair is
/// stored, at the call with this number of those that change files.
@main
enum SessionProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let storage = FaultyStorage(
            FileTokenStorage(path: arguments[2]), fault: file_fault(rawValue: UInt32(arguments[3]) ?? 0),
            number: CInt(arguments[4]) ?? 0)
        let session = try UserSession(
            issuer: arguments[1], storage: storage, fetcher: HTTPClientFetcher.shared)
        while let rejected = readLine() {
            do {
                report(try await session.accessToken(insteadOf: rejected.isEmpty ? nil : rejected))
            } catch {
                report(error.code.rawValue)
            }
        }
    }

    /// Prints a line with one system call.
    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
