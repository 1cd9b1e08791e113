import CDiskFaults
import Glibc
import SignetKeyring
import SignetStore

/// A child process for tests of the keyring. The tests kill this process or make its disk fail.
///
/// Usage: `keyring-process CHANGE DIRECTORY SECONDS FAULT NUMBER [ARGUMENT]`. The process opens the keyring in
/// DIRECTORY and makes the change CHANGE at the Unix time SECONDS. The file-changing system call NUMBER, counted from
/// 0, gets the fault FAULT. The process prints two lines: the result, and the number of file-changing system calls.
///
/// The change `advance` first prints `open` and waits for a line of input. So a test can let several processes start
/// this change at the same time. For the change `log`, see ``log(in:at:killAfter:)``. For the change `calls`, the
/// process opens no keyring: it makes each file-changing system call once, and its result is the names of those that
/// failed.
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
            case "calls":
                let calls = FileCalls(in: arguments[2])
                file_faults_arm(fault, number)
                result = calls.failures().joined(separator: " ")
                if result.isEmpty { result = "none" }
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
