import Foundation
import TestSupport
import Testing

/// The example service of `Examples/`, started for real.
final class RunningOrdersService: Sendable {
    let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    var url: String { "http://127.0.0.1:\(port)" }

    static func start(for issuer: RunningIssuer, arguments: [String] = []) async throws -> RunningOrdersService {
        let binary = try #require(
            ProcessInfo.processInfo.environment["SIGNET_TEST_ORDERS_SERVICE"],
            "build Examples/OrdersService and name its binary in SIGNET_TEST_ORDERS_SERVICE, as Scripts/test does")
        let running = try RunningOrdersService(binary: URL(filePath: binary), issuer: issuer, arguments: arguments)
        try #require(await running.process.waitForLine(containing: "listening"), "\(running.process.messages)")
        return running
    }

    private init(binary: URL, issuer: RunningIssuer, arguments: [String]) throws {
        directory = TemporaryDirectory()
        port = try FreePort.next()
        process = try ChildProcess(
            binary, ["--issuer", issuer.issuer, "--audience", issuer.issuer, "--port", "\(port)"] + arguments,
            environment: ["PATH": "/usr/bin:/bin"], directory: directory.url)
    }

    deinit { process.killNow() }
}
