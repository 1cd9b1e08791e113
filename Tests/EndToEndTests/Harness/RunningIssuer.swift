import Foundation
import TestSupport

/// A real `signet serve` on ports of its own, with a directory of its own.
final class RunningIssuer: Sendable {
    let directory: TemporaryDirectory
    let port: Int
    let opsPort: Int
    let settings: [String: String]
    private let process: ChildProcess

    var url: String { "http://127.0.0.1:\(port)" }
    /// The issuer identifier that the service was told.
    var issuer: String { settings["SIGNET_ISSUER"] ?? "" }
    var messages: String { process.messages }
    var processIdentifier: Int32 { process.processIdentifier }

    /// Waits for a line that holds `marker`; `false` when the service ended without one.
    func waitForLine(containing marker: String) async -> Bool { await process.waitForLine(containing: marker) }

    /// Starts the service and waits until it says that it is ready.
    /// - Parameters:
    ///   - directory: that of an earlier service, to start again on its data; a new one otherwise.
    ///   - descriptors: how many files the service may open, instead of as many as this process.
    static func start(
        settings: [String: String] = [:], in directory: TemporaryDirectory? = nil, descriptors: Int? = nil
    ) async throws -> RunningIssuer {
        // Another process may take a port between the question and the start: exit 73 says so, and new ones are asked for.
        for _ in 0..<5 {
            let running = try RunningIssuer(
                settings: settings, directory: directory ?? TemporaryDirectory(), descriptors: descriptors)
            if await running.process.waitForLine(containing: "Signet is ready") { return running }
            let status = await running.process.waitForExit()
            guard status == 73 else { throw StartFailure(status: status, messages: running.messages) }
        }
        throw StartFailure(status: 73, messages: "no free port")
    }

    private init(settings: [String: String], directory: TemporaryDirectory, descriptors: Int?) throws {
        self.directory = directory
        port = try FreePort.next()
        opsPort = try FreePort.next()
        let defaults = [
            "PATH": "/usr/bin:/bin", "SIGNET_PORT": "\(port)", "SIGNET_OPS_PORT": "\(opsPort)",
            "SIGNET_ISSUER": "http://127.0.0.1:\(port)", "SIGNET_DATA": directory.path("data"),
            "SIGNET_KEYS": directory.path("keys"), "SWIFT_BACKTRACE": "enable=no",
        ]
        self.settings = defaults.merging(settings) { $1 }
        let bounded = descriptors.map { ["-c", "ulimit -n \($0); exec \"$0\" serve", Repository.signet.path] }
        process = try ChildProcess(
            bounded == nil ? Repository.signet : URL(filePath: "/bin/sh"), bounded ?? ["serve"],
            environment: self.settings, directory: directory.url)
    }

    deinit { process.killNow() }

    /// Asks the service to stop and waits for its exit code.
    @discardableResult
    func terminate() async -> Int32 {
        process.terminate()
        return await process.waitForExit()
    }

    /// Ends the service on the spot; ``hasGone()`` waits until it has.
    func killNow() { process.killNow() }

    func hasGone() async { await process.waitForExit() }

    /// Runs a data command beside the service.
    func command(_ arguments: [String], input: String = "") async throws -> SignetCommand.Result {
        try await SignetCommand.run(arguments, input: input, environment: settings, directory: directory.url)
    }

    /// A new client: id and secret.
    func createClient(_ options: [String] = []) async throws -> (id: String, secret: String) {
        let json = try await command(["clients", "create", "test", "--json"] + options).json
        return (json["client_id"] as? String ?? "", json["client_secret"] as? String ?? "")
    }

    struct StartFailure: Error {
        let status: Int32
        let messages: String
    }
}
