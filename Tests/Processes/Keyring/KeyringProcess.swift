import CDiskFaults
import Glibc
import SignetKeyring
import SignetStore

/// A process that changes a keyring until it is done, is killed, or meets a failing disk; the tests' other half.
///
/// `keyring-process CHANGE DIRECTORY SECONDS FAULT NUMBER [ARGUMENT]`: at the given time it opens the keyring, arms the
/// fault, makes the change and prints the outcome and the number of calls that change files, one line each. `advance`
/// waits for a line of input before it begins, so that several can begin at once.
@main
enum KeyringProcess {
    static func main() throws {
        let arguments = CommandLine.arguments
        let now = Timestamp(seconds: Int64(arguments[3]) ?? 0)
        let passphrase = arguments[1] == "remove" ? try Passphrase(arguments[6]) : nil
        let fault = file_fault(rawValue: UInt32(arguments[4]) ?? 0)
        let number = CInt(arguments[5]) ?? 0
        var outcome: String
        do throws(KeyringError) {
            if arguments[1] == "create" {
                file_faults_arm(fault, number)
                outcome = try Keyring.open(directory: arguments[2], now: now).signingKeyID(at: now) ?? "none"
            } else {
                let keyring = try Keyring.openExisting(directory: arguments[2], passphrase: passphrase, now: now)
                if arguments[1] == "advance" {
                    report("open")
                    _ = readLine()
                }
                file_faults_arm(fault, number)
                let changes = try change(keyring, arguments, at: now)
                outcome = changes.isEmpty ? "nothing" : changes.map(\.summary).joined(separator: ", ")
            }
        } catch {
            outcome = error.code.rawValue
        }
        let count = file_faults_count()
        report(outcome)
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
        case "encrypt": try keyring.reseal(under: try Passphrase(arguments[6]), at: now)
        case "remove": try keyring.reseal(under: nil, at: now)
        default: fatalError("unknown change \(arguments[1])")
        }
    }

    /// Prints a line with one system call.
    private static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
