import CDiskFaults
import Glibc
import SignetClient
import SignetVerifierHTTP

/// A child process with a `UserSession`. Several processes and the test use the same token file.
///
/// Usage: `session-process ISSUER FILE FAULT NUMBER`. For each line of input, the process prints an access token or an
/// error code. If the line is not empty, it is an access token that a server refused, and the process gets a new one.
/// In the first save of the token file FILE, the file-changing system call NUMBER, counted from 0, gets the fault
/// FAULT.
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
