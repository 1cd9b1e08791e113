import Foundation

/// A certificate authority that exists only for one test. It issues server certificates with the program `openssl`.
package final class TestAuthority: Sendable {
    /// The files of a certificate and of its private key, in PEM.
    package struct Identity: Sendable {
        package let certificate: String
        package let key: String
    }

    private let directory = TemporaryDirectory()

    /// The authority's own certificate, in PEM.
    package var certificate: String { directory.path("authority.pem") }

    package init() async throws {
        try await openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", "authority.key"]
                + ["-out", "authority.pem"] + Self.newKey)
    }

    /// Issues a certificate for a server.
    /// - Parameters:
    ///   - names: the hosts as `subjectAltName` lists them, for example `DNS:localhost,IP:127.0.0.1`.
    ///   - days: the days from now until the certificate expires. A negative number makes an expired certificate.
    package func identity(for names: String, days: Int = 1) async throws -> Identity {
        let name = UUID().uuidString
        try await openssl(
            ["req", "-new", "-subj", "/CN=Test server", "-addext", "subjectAltName=\(names)", "-keyout", "\(name).key"]
                + ["-out", "\(name).csr"] + Self.newKey)
        try await openssl(
            ["x509", "-req", "-in", "\(name).csr", "-CA", "authority.pem", "-CAkey", "authority.key"]
                + ["-copy_extensions", "copy", "-days", "\(days)", "-out", "\(name).pem"])
        return Identity(certificate: directory.path("\(name).pem"), key: directory.path("\(name).key"))
    }

    /// Makes a directory for the environment variable `SSL_CERT_DIR`. The directory has the authority's certificate
    /// under the name by which OpenSSL looks for it.
    package func certificateDirectory() async throws -> String {
        try directory.makeDirectory("trusted")
        try FileManager.default.copyItem(atPath: certificate, toPath: directory.path("trusted/authority.pem"))
        try await openssl(["rehash", "trusted"])
        return directory.path("trusted")
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private func openssl(_ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = directory.url
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        guard status == 0 else { throw OpenSSLFailed(arguments: arguments) }
    }

    /// The error for a run of `openssl` that failed.
    package struct OpenSSLFailed: Error {
        package let arguments: [String]
    }
}
