import ArgumentParser
import BenchmarkRun
import CSigningFloor
import CSodium

/// `http-floor sign`: measures how fast OpenSSL makes RSA-2048 signatures, one after the other.
struct Signatures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign with RSA-2048 and SHA-256, and print the rate as JSON.")

    @Option(help: "Seconds of work.") var seconds = 1.0

    func run() async throws {
        let floor = unsafe SigningKey(pointer: signet_signing_floor_new())
        let work = Contestant("sign", "", batch: floor.sign)
        printJSON(try await work.work(.seconds(seconds)))
    }
}

/// `http-floor hash`: measures how fast libsodium computes Argon2id hashes, one after the other. The default parameters
/// are those of Signet.
struct Hashes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash", abstract: "Hash passwords with Argon2id, and print the rate as JSON.")

    @Option(help: "Seconds of work.") var seconds = 1.0
    @Option(help: "Passes over the memory.") var passes = 2
    @Option(help: "Memory in KiB.") var kibibytes = 19 * 1024

    func run() async throws {
        guard sodium_init() >= 0 else { throw CryptographyFailure(operation: "sodium_init") }
        let (passes, kibibytes) = (passes, kibibytes)
        let work = Contestant("hash", "") { count in
            let password = "correct horse battery".utf8.map(CChar.init(bitPattern:))
            var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
            for _ in 0..<count {
                let status = unsafe crypto_pwhash_str_alg(
                    &text, password, UInt64(password.count), UInt64(passes), kibibytes * 1024,
                    crypto_pwhash_ALG_ARGON2ID13)
                guard status == 0 else { throw CryptographyFailure(operation: "crypto_pwhash_str_alg") }
            }
        }
        printJSON(try await work.work(.seconds(seconds)))
    }
}

/// An RSA-2048 key in OpenSSL. Only one thread may use it at a time.
@safe
private struct SigningKey: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: only one task uses the key. The key is not freed, because the process ends
    // after the measurement.
    let pointer: OpaquePointer?

    /// Signs a message `count` times. The message has 480 bytes, the size of the header and payload of a typical access
    /// token.
    func sign(_ count: Int) throws {
        guard let pointer = unsafe pointer, unsafe signet_signing_floor_sign(pointer, 480, count) == count else {
            throw CryptographyFailure(operation: "signing")
        }
    }
}

private struct CryptographyFailure: Error, CustomStringConvertible {
    let operation: String
    var description: String { "\(operation) failed" }
}

private func printJSON(_ sample: Sample) {
    let nanoseconds = Int(sample.processorSeconds * 1e9)
    print(
        "{\"seconds\": \(sample.seconds), \"answers\": \(sample.operations), \"errors\": 0, "
            + "\"server_ns\": \(nanoseconds)}")
}
