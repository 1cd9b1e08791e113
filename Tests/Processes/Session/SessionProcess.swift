import CDiskFaults
import Glibc
import SignetClient
import SignetVerifierHTTP

/// A child process with a `UserSession`. The session's token file is shared with the test.
///
/// `session-process ISSUER FILE FAULT NUMBER` reads lines. Each line asks for an access token. The line holds an access
/// token that a server refused, or is empty. The process prints the new access token or the error code. The fault FAULT
/// hits the first save of the file, at the file-changing call with the number NUMBER.
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

    /// Prints a line with one system call, so that SIGKILL cannot cut the line.
    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
