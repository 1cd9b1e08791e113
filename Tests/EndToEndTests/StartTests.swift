import Foundation
import SignetKeyring
import TestSupport
import Testing

@Suite("Failing starts", .timeLimit(.minutes(10)))
struct StartTests {
    /// Runs `signet serve` in `directory` and waits until it ends, because every test here expects that it fails.
    private func start(
        _ settings: [String: String], in directory: TemporaryDirectory, arguments: [String] = []
    ) async throws -> SignetCommand.Result {
        var environment = [
            "SIGNET_DATA": directory.path("data"), "SIGNET_KEYS": directory.path("keys"),
            "SIGNET_PORT": "\(try FreePort.next())", "SIGNET_OPS_PORT": "\(try FreePort.next())",
            "SWIFT_BACKTRACE": "enable=no",
        ]
        environment.merge(settings) { $1 }
        return try await SignetCommand.run(
            ["serve"] + arguments, environment: environment, directory: directory.url)
    }

    /// Expects that standard error is exactly one line, which starts with `signet: ` and contains all `words`.
    private func expectOneLine(_ result: SignetCommand.Result, status: Int32, naming words: [String]) {
        #expect(result.status == status, "\(result.errors)")
        let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("signet: ") }
        #expect(lines.count == 1)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }

    @Test(arguments: [
        ("SIGNET_PORT", "70000", "65535"), ("SIGNET_PORT", "http", "whole number"),
        ("SIGNET_ACCESS_TOKEN_TTL", "15", "unit"), ("SIGNET_REFRESH_TOKEN_TTL", "91d", "SIGNET_SESSION_TTL"),
        ("SIGNET_REFRESH_REUSE_WINDOW", "-1s", "unit"), ("SIGNET_ISSUER", "localhost:5000", "URL"),
        ("SIGNET_ISSUER", "https://id.example.com/", "slash"), ("SIGNET_LOG_LEVEL", "loud", "debug"),
        ("SIGNET_PASSWORD_MIN_LENGTH", "0", "from 1"), ("SIGNET_DATA", "", "empty"),
        ("SIGNET_LOGIN_AUDIENCES", "stock,a#b", "without fragment"), ("SIGNET_LOGIN_AUDIENCES", ",", "empty"),
        ("SIGNET_LOGIN_AUDIENCES", String(repeating: "a", count: 256), "255"),
        ("SIGNET_LOGIN_AUDIENCES", (0...64).map { "a\($0)" }.joined(separator: ","), "at most 64"),
        ("SIGNET_LOGIN_SCOPES", "orders:read,\"", "quotation"),
        ("SIGNET_LOGIN_SCOPES", (0..<64).map { "s\($0)" }.joined(separator: " "), "63"),
        ("SIGNET_LOGIN_SCOPES", String(repeating: "s", count: 1017), "1024"),
    ])
    func `An invalid setting exits with 78 and names the setting, the fault and an example`(
        name: String, value: String, expected: String
    )
        async throws
    {
        let directory = TemporaryDirectory()
        let result = try await start([name: value], in: directory)
        #expect(result.status == 78)
        #expect(result.errors.split(separator: "\n").count == 1)
        for word in ["SIGNET_", "for example", expected] { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `A flag overrides the environment, and the environment overrides the .env file`() async throws {
        let directory = TemporaryDirectory()
        try Data("SIGNET_LOG_LEVEL=from-file\nSIGNET_PASSWORD_MIN_LENGTH=8\n".utf8)
            .write(to: directory.url.appending(path: ".env"))
        #expect(try await start([:], in: directory).errors.contains("\"from-file\""))
        #expect(try await start(["SIGNET_LOG_LEVEL": "from-env"], in: directory).errors.contains("\"from-env\""))
        let flagged = try await start(
            ["SIGNET_LOG_LEVEL": "from-env"], in: directory, arguments: ["--log-level", "from-flag"])
        #expect(flagged.errors.contains("\"from-flag\""))
    }

    @Test func `An address or port that cannot be used is named with its setting`() async throws {
        let other = try await RunningIssuer.start()
        let directory = TemporaryDirectory()
        let result = try await start(["SIGNET_PORT": "\(other.port)"], in: directory)
        expectOneLine(result, status: 73, naming: ["\(other.port)", "in use", "SIGNET_PORT (--port)", "SIGNET_ISSUER"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
        let ops = try await start(["SIGNET_OPS_PORT": "\(other.opsPort)"], in: directory)
        expectOneLine(ops, status: 73, naming: ["\(other.opsPort)", "SIGNET_OPS_PORT (--ops-port)"])
        #expect(!ops.errors.contains("SIGNET_ISSUER"))
        let nowhere = try await start(["SIGNET_HOST": "host.invalid"], in: directory)
        expectOneLine(nowhere, status: 73, naming: ["host.invalid", "SIGNET_HOST (--host)"])
        let strange = try await start(["SIGNET_OPS_HOST": "192.0.2.1"], in: directory)
        expectOneLine(strange, status: 73, naming: ["192.0.2.1", "SIGNET_OPS_HOST (--ops-host)"])
    }

    @Test func `A limit of open files that is too low stops the start and creates nothing`() async throws {
        let directory = TemporaryDirectory()
        let environment = [
            "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no", "SIGNET_PORT": "\(try FreePort.next())",
            "SIGNET_OPS_PORT": "\(try FreePort.next())",
        ]
        let process = try ChildProcess(
            URL(filePath: "/bin/sh"), ["-c", "ulimit -n 100; exec \"$0\" serve", Repository.signet.path],
            environment: environment, directory: directory.url)
        let message = "signet: the limit of open files is 100, and the service needs at least 144"
        #expect(await process.waitForLine(containing: message), "\(process.messages)")
        #expect(await process.waitForExit() == 73)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `A damaged store stops the start before keys are created`() async throws {
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(
            at: directory.url.appending(path: "data"), withIntermediateDirectories: false)
        try Data("garbage".utf8).write(to: directory.url.appending(path: "data/data.mdb"))
        expectOneLine(try await start([:], in: directory), status: 78, naming: ["store"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["data"])
    }

    @Test func `A file in the place of a directory is named and left unchanged`() async throws {
        for name in ["data", "keys"] {
            let directory = TemporaryDirectory()
            let file = directory.url.appending(path: name)
            try Data("not a directory".utf8).write(to: file)
            expectOneLine(try await start([:], in: directory), status: 73, naming: [name])
            #expect(try Data(contentsOf: file) == Data("not a directory".utf8))
        }
    }

    @Test(arguments: ["keyring.json", "data.mdb"])
    func `A damaged keyring or store is refused and left unchanged`(file name: String) async throws {
        let directory = TemporaryDirectory()
        let issuer = try await RunningIssuer.start(in: directory)
        _ = try await Person.register(at: issuer)
        await issuer.terminate()
        let path = directory.url.appending(path: name == "keyring.json" ? "keys/keyring.json" : "data/data.mdb")
        let whole = try Data(contentsOf: path)
        let damaged = [
            whole.prefix(whole.count / 2), Data("garbage".utf8), Data(repeating: 0, count: whole.count), Data(),
        ]
        for bytes in damaged where !(name == "data.mdb" && bytes.isEmpty) {
            try bytes.write(to: path)
            expectOneLine(try await start([:], in: directory), status: 78, naming: [])
            #expect(try Data(contentsOf: path) == bytes)
        }
        try whole.write(to: path)
        let again = try await RunningIssuer.start(in: directory)
        #expect(await again.terminate() == 0)
    }

    @Test func `A private key that others may read is refused with the chmod command to run`() async throws {
        let directory = TemporaryDirectory()
        await (try await RunningIssuer.start(in: directory)).terminate()
        let keys = directory.url.appending(path: "keys")
        let pem = try #require(
            try FileManager.default.contentsOfDirectory(atPath: keys.path).first { $0.hasSuffix(".pem") })
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: keys.appending(path: pem).path)
        expectOneLine(try await start([:], in: directory), status: 78, naming: ["chmod", pem])
    }
}
