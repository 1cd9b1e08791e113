import CDiskFaults
import Glibc
import SignetClient
import SignetVerifierHTTP

/// A process with a `UserSession` on a token file that it shares with the test.
///
/// `session-process ISSUER FILE FAULT NUMBER` reads lines. Each line asks for an access token; it holds a refused access token
/// or is empty. The process prints the access token or the error code. The fault hits the first save, at the file-changing call
/// with this number.
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

    /// Prints a line with one system call, so that a kill never splits it.
    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
