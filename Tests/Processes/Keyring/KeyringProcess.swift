import CDiskFaults
import Glibc
import SignetKeyring
import SignetStore

/// A child process for the keyring's tests. The tests kill it or make its disk fail.
///
/// `keyring-process CHANGE DIRECTORY SECONDS FAULT NUMBER [ARGUMENT]` opens the keyring at the time SECONDS and makes
/// one change. It prints two lines: the result, and the number of calls that changed files. The fault FAULT hits the
/// file-changing call with the number NUMBER. The change `advance` first prints `open` and waits for a line of input,
/// so that a test can start several processes at once. The change `log` makes several changes; see
/// ``log(in:at:killAfter:)``.
@main
enum KeyringProcess {
    static func main() throws {
        let arguments = CommandLine.arguments
        let now = Timestamp(seconds: Int64(arguments[3]) ?? 0)
        let fault = file_fault(rawValue: UInt32(arguments[4]) ?? 0)
        let number = CInt(arguments[5]) ?? 0
        var result: String
        do throws(KeyringError) {
            switch arguments[1] {
            case "create":
                file_faults_arm(fault, number)
                result = try Keyring.open(directory: arguments[2], now: now).signingKeyID(at: now) ?? "none"
            case "log":
                try log(in: arguments[2], at: now, killAfter: CInt(arguments[6]) ?? 0)
                result = "done"
            default:
                let passphrase = arguments[1] == "remove" ? try Passphrase(arguments[6]) : nil
                let keyring = try Keyring.openExisting(directory: arguments[2], passphrase: passphrase, now: now)
                if arguments[1] == "advance" {
                    report("open")
                    _ = readLine()
                }
                file_faults_arm(fault, number)
                let changes = try change(keyring, arguments, at: now)
                result = changes.isEmpty ? "nothing" : changes.map(\.summary).joined(separator: ", ")
            }
        } catch {
            result = error.code.rawValue
        }
        let count = file_faults_count()
        report(result)
        report("\(count)")
    }

    private static func change(
        _ keyring: Keyring, _ arguments: [String], at now: Timestamp
    ) throws(KeyringError) -> [KeyChange] {
        switch arguments[1] {
        case "advance": try keyring.advance(at: now)
        case "rotate": try keyring.rotate(immediately: true, at: now)
        case "revoke": try keyring.revoke(arguments[6], at: now)
        case "import": try keyring.importKey(pem: arguments[6], keyPassphrase: nil, at: now)
        case "secret": try keyring.rotateRefreshSecret(at: now)
        case "encrypt": try keyring.reencrypt(under: try Passphrase(arguments[6]), at: now)
        case "remove": try keyring.reencrypt(under: nil, at: now)
        default: fatalError("unknown change \(arguments[1])")
        }
    }

    /// Opens or creates a keyring in `DIRECTORY/a/keys`. Generates a key, adds a refresh token HMAC key and revokes the
    /// signing key. Logs the file-changing calls in `DIRECTORY.log`, and adds a mark after every change that has
    /// succeeded.
    /// - Parameter killAfter: the number of log entries after which the process is killed; 0 for never.
    private static func log(in directory: String, at now: Timestamp, killAfter: CInt) throws(KeyringError) {
        unsafe disk_log_start("\(directory).log", directory, killAfter)
        let keyring = try Keyring.open(directory: "\(directory)/a/keys", now: now)
        let signing = keyring.signingKeyID(at: now) ?? ""
        unsafe disk_log_mark("key \(signing)")
        for change in try keyring.generate(at: now) { unsafe disk_log_mark("key \(change.keyID ?? "")") }
        _ = try keyring.rotateRefreshSecret(at: now)
        unsafe disk_log_mark("secret 2")
        _ = try keyring.revoke(signing, at: now)
        unsafe disk_log_mark("revoked \(signing)")
    }

    /// Prints a line with one system call, so that SIGKILL cannot cut the line.
    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
