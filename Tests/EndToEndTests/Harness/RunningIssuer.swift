// The folder Harness contains helpers for the end-to-end tests, which start processes, open sockets and parse
// documents.

import Foundation
import TestSupport
import Testing

/// A running `signet serve` with its own ports and directory.
final class RunningIssuer: Sendable {
    let directory: TemporaryDirectory
    let port: Int
    let opsPort: Int
    let settings: [String: String]
    private let process: ChildProcess

    var url: String { "http://127.0.0.1:\(port)" }
    /// The issuer identifier of the service.
    var issuer: String { settings["SIGNET_ISSUER"] ?? "" }
    var messages: String { process.messages }
    var processIdentifier: Int32 { process.processIdentifier }

    func waitForLine(containing marker: String) async -> Bool { await process.waitForLine(containing: marker) }

    /// Starts the service and waits until it is ready.
    /// - Parameters:
    ///   - directory: the working directory; by default a new one. Pass the directory of an earlier service to reuse
    ///     its data.
    ///   - descriptors: the service's limit of open files. By default the service inherits the limit of the test run.
    ///   - processor: the only processor that the service may use. By default it may use those of the test run.
    static func start(
        settings: [String: String] = [:], in directory: TemporaryDirectory? = nil, descriptors: Int? = nil,
        processor: Int? = nil
    ) async throws -> RunningIssuer {
        // If another process takes one of the chosen ports before the service binds it, the service ends with exit code
        // 73. Then try again with new ports, up to five times in all.
        for _ in 0..<5 {
            let running = try RunningIssuer(
                settings: settings, directory: directory ?? TemporaryDirectory(), descriptors: descriptors,
                processor: processor)
            if await running.process.waitForLine(containing: "Signet is ready") { return running }
            let status = await running.process.waitForExit()
            guard status == 73 else { throw StartFailure(status: status, messages: running.messages) }
        }
        throw StartFailure(status: 73, messages: "no free port")
    }

    private init(settings: [String: String], directory: TemporaryDirectory, descriptors: Int?, processor: Int?) throws {
        self.directory = directory
        port = try FreePort.next()
        opsPort = try FreePort.next()
        var defaults = [
            "PATH": "/usr/bin:/bin", "SIGNET_PORT": "\(port)", "SIGNET_OPS_PORT": "\(opsPort)",
            "SIGNET_ISSUER": "http://127.0.0.1:\(port)", "SIGNET_DATA": directory.path("data"),
            "SIGNET_KEYS": directory.path("keys"), "SWIFT_BACKTRACE": "enable=no",
        ]
        // `Scripts/test` sets this variable to run the tests a second time without the fast lane. The fast lane answers
        // simple requests without Hummingbird.
        if let fastLane = ProcessInfo.processInfo.environment["SIGNET_TEST_FAST_LANE"] {
            defaults["SIGNET_FAST_LANE"] = fastLane
        }
        self.settings = defaults.merging(settings) { $1 }
        // The shell limits itself and then becomes the service, which keeps the process id.
        let limits = [
            descriptors.map { "ulimit -n \($0)" }, processor.map { "taskset -cp \($0) $$ >/dev/null" },
        ].compactMap(\.self)
        process = try ChildProcess(
            URL(filePath: "/bin/sh"),
            ["-c", (limits + ["exec \"$0\" serve"]).joined(separator: " && "), Repository.signet.path],
            environment: self.settings, directory: directory.url)
    }

    deinit { process.killNow() }

    /// Sends SIGTERM and waits for the exit code.
    @discardableResult
    func terminate() async -> Int32 {
        process.terminate()
        return await process.waitForExit()
    }

    /// Sends SIGKILL and returns at once. ``hasGone()`` waits until the process has ended.
    func killNow() { process.killNow() }

    func hasGone() async { await process.waitForExit() }

    /// Runs a `signet` command with the settings and in the working directory of this service.
    func command(_ arguments: [String], input: String = "") async throws -> SignetCommand.Result {
        try await SignetCommand.run(arguments, input: input, environment: settings, directory: directory.url)
    }

    /// Creates a client and returns its id and secret.
    func createClient(_ options: [String] = []) async throws -> (id: String, secret: String) {
        let json = try await command(["clients", "create", "test", "--json"] + options).json
        return (json["client_id"] as? String ?? "", json["client_secret"] as? String ?? "")
    }

    struct StartFailure: Error {
        let status: Int32
        let messages: String
    }
}

/// A running process of the example service in `Examples/OrdersService`.
final class RunningOrdersService: Sendable {
    let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts the example service.
    /// - Parameter audience: the audience that the service requires; `nil` for the audience of `issuer`.
    static func start(
        for issuer: RunningIssuer, audience: String? = nil, arguments: [String] = []
    ) async throws -> RunningOrdersService {
        let binary = try #require(
            ProcessInfo.processInfo.environment["SIGNET_TEST_ORDERS_SERVICE"],
            "build Examples/OrdersService and name its binary in SIGNET_TEST_ORDERS_SERVICE, as Scripts/test does")
        let running = try RunningOrdersService(
            binary: URL(filePath: binary), issuer: issuer, audience: audience ?? issuer.issuer, arguments: arguments)
        try #require(await running.process.waitForLine(containing: "listening"), "\(running.process.messages)")
        return running
    }

    private init(binary: URL, issuer: RunningIssuer, audience: String, arguments: [String]) throws {
        directory = TemporaryDirectory()
        port = try FreePort.next()
        process = try ChildProcess(
            binary, ["--issuer", issuer.issuer, "--audience", audience, "--port", "\(port)"] + arguments,
            environment: ["PATH": "/usr/bin:/bin"], directory: directory.url)
    }

    deinit { process.killNow() }
}
