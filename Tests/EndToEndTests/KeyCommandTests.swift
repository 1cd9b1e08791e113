import Foundation
import SignetIssuer
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@Suite("Key commands", .timeLimit(.minutes(10)))
struct KeyCommandTests {
    private static func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private static func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try chmod(mode, path)
    }

    private static func run(
        _ arguments: [String], in directory: TemporaryDirectory, input: String = ""
    ) async throws -> SignetCommand.Result {
        try await SignetCommand.run(
            ["keys"] + arguments, input: input,
            environment: ["SIGNET_KEYS": directory.path("keys"), "SIGNET_DATA": directory.path("data")],
            directory: directory.url)
    }

    /// The cells of a line of the table that `keys list` prints. Two or more spaces separate the cells.
    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test func `keys list prints the state, age and next change of each key under aligned headers`()
        async throws
    {
        let directory = TemporaryDirectory()
        let now = Timestamp.system()
        let keyring = try Keyring.open(directory: directory.path("keys"), now: now - .seconds(3 * 86_400 + 60))
        let signing = try #require(keyring.signingKeyID(at: now))
        let waiting = try await Self.run(["list"], in: directory).output.split(separator: "\n")
        try #require(waiting.count > 1)
        let made = try #require(keyring.listing(at: now).first?.nextAt)
        let planned = [signing, "active", "yes", "2048", "3d", "successor is published", Self.text(made)]
        #expect(Self.cells(waiting[1]) == planned)

        let next = try #require(
            try keyring.rotate(immediately: false, at: now - .seconds(2 * 3600 + 60)).first?.keyID)
        _ = try keyring.rotateRefreshSecret(at: now - .seconds(5400))
        let result = try await Self.run(["list"], in: directory)
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        try #require(lines.count == 6, "\(result.output)")
        #expect(Self.cells(lines[0]) == ["KID", "STATE", "SIGNING", "BITS", "AGE", "NEXT", "WHEN"])
        let listing = keyring.listing(at: now)
        let retirement = Self.text(try #require(listing.first?.retiresAt))
        let activation = Self.text(try #require(listing.last?.activatesAt))
        #expect(Self.cells(lines[1]) == [signing, "active", "yes", "2048", "3d", "retires", retirement])
        #expect(Self.cells(lines[2]) == [next, "next", "no", "2048", "2h", "begins to sign", activation])
        #expect(Self.cells(lines[3]) == ["REFRESH TOKEN HMAC KEY", "STATE", "AGE", "NEXT", "WHEN"])
        let use = Self.text(try #require(keyring.overview.refreshSecrets(at: now).last?.activatesAt))
        #expect(Self.cells(lines[4]) == ["1", "active", "3d", "successor is used for new tokens", use])
        #expect(Self.cells(lines[5]) == ["2", "next", "1h", "is used for new tokens", use])
        // The values of a column start directly below its header.
        for (column, value) in [("STATE", "active"), ("NEXT", "retires"), ("WHEN", retirement)] {
            let places = try [(lines[0], column), (lines[1], value)].map { line, text in
                line.distance(from: line.startIndex, to: try #require(line.firstRange(of: text)).lowerBound)
            }
            #expect(places[0] == places[1], "\(column)")
        }

        // With SIGNET_KEY_ROTATION=off, the active key keeps signing until an operator runs a command.
        let off = try KeyPolicy(
            rotationInterval: nil, lead: .seconds(86_400), maxAge: .seconds(300), accessTokenLifetime: .seconds(900),
            sessionLifetime: .seconds(90 * 86_400))
        let other = TemporaryDirectory()
        let still = try Keyring.open(directory: other.path("keys"), policy: off, now: now - .seconds(5400))
        let kid = try #require(still.signingKeyID(at: now))
        let row = try #require(try await Self.run(["list"], in: other).output.split(separator: "\n").dropFirst().first)
        #expect(Self.cells(row) == [kid, "active", "yes", "2048", "1h", "waits for 'signet keys rotate'"])
    }

    private static func text(_ time: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(time.seconds)).formatted(Date.ISO8601FormatStyle())
    }

    @Test
    func `keys import explains a bad file or passphrase and accepts any line end after the passphrase`()
        async throws
    {
        let directory = TemporaryDirectory()
        _ = try Keyring.open(directory: directory.path("keys"))
        let key = directory.path("key.pem")
        let made = Process()
        made.executableURL = URL(filePath: "/usr/bin/openssl")
        made.arguments = ["genpkey", "-algorithm", "RSA", "-aes256", "-pass", "pass:short", "-out", key]
        made.standardError = FileHandle.nullDevice
        try made.run()
        made.waitUntilExit()
        try #require(made.terminationStatus == 0)

        let absent = try await Self.run(["import", directory.path("absent")], in: directory)
        #expect(absent.status == 1)
        #expect(
            absent.errors
                == "signet: \(directory.path("absent")) does not exist; expected the PEM file of one private key\n")
        let folder = try await Self.run(["import", directory.path("keys")], in: directory)
        #expect(
            folder.errors
                == "signet: \(directory.path("keys")) is not a regular file; expected the PEM file of one private key\n"
        )
        try Self.write(String(repeating: "x", count: 65_537), to: directory.path("large"))
        let large = try await Self.run(["import", directory.path("large")], in: directory)
        #expect(large.errors.contains("\(directory.path("large")) has more than 65536 bytes; expected the PEM file"))

        let file = directory.path("passphrase")
        try Self.write("wrong\n", to: file)
        let wrong = try await Self.run(["import", key, "--key-passphrase-file", file], in: directory)
        #expect(wrong.status == 1)
        #expect(
            wrong.errors
                == "signet: the key cannot be imported: the passphrase is wrong, or the file is damaged\n")
        try Self.write("short\n", to: file, mode: 0o644)
        let open = try await Self.run(["import", key, "--key-passphrase-file", file], in: directory)
        #expect(open.status == 1)
        #expect(open.errors.contains("run chmod 600 \(file)"), "\(open.errors)")
        let none = try await Self.run(["import", key, "--key-passphrase-file", file + "x"], in: directory)
        #expect(none.errors == "signet: the passphrase of the imported key cannot be read: \(file)x does not exist\n")
        try Self.write("short\r\nand more\r\n", to: file)
        let taken = try await Self.run(["import", key, "--key-passphrase-file", file], in: directory)
        #expect(taken.output.hasPrefix("Imported key "), "\(taken.errors)")
    }

    @Test
    func `A command that waits for the lock says so and continues when the lock is free`() async throws {
        let directory = TemporaryDirectory()
        _ = try Keyring.open(directory: directory.path("keys"))
        let descriptor = unsafe open(directory.path("keys/.lock"), O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
        let command = try ChildProcess(
            Repository.signet, ["keys", "generate"],
            environment: ["SIGNET_KEYS": directory.path("keys"), "SIGNET_DATA": directory.path("data")],
            directory: directory.url)
        defer { command.killNow() }
        #expect(
            await command.waitForLine(
                containing: "Waiting for another process that holds the lock \(directory.path("keys/.lock"))"))
        #expect(try Keyring.overview(directory: directory.path("keys")).listing(at: .system()).count == 1)
        flock(descriptor, LOCK_UN)
        close(descriptor)
        // The command creates the key. It ends with exit code 73, because it cannot record the change in the audit log
        // without a store.
        #expect(await command.waitForExit() == 73)
        #expect(try Keyring.overview(directory: directory.path("keys")).listing(at: .system()).count == 2)
    }

    @Test
    func `The service and the commands remove group write permission from the directory of the keys and say so`()
        async throws
    {
        let directory = TemporaryDirectory()
        let keys = directory.path("keys")
        try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: false)
        func mode() throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(atPath: keys)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }
        try Self.chmod(0o775, keys)
        let issuer = try await RunningIssuer.start(in: directory)
        #expect(issuer.messages.contains("Removed the group's write permission from \(keys)"), "\(issuer.messages)")
        #expect(try mode() == 0o755)
        try Self.chmod(0o775, keys)
        let list = try await issuer.command(["keys", "list"])
        #expect(list.status == 0)
        #expect(list.errors.hasPrefix("Removed the group's write permission from \(keys)"), "\(list.errors)")
        #expect(try mode() == 0o755)
        #expect(try await issuer.command(["keys", "list"]).errors.isEmpty)
        try Self.chmod(0o777, keys)
        let refused = try await issuer.command(["keys", "list"])
        #expect(refused.status == 78)
        #expect(refused.errors.contains("run chmod 700 \(keys)"))
        await issuer.terminate()
    }

    @Test func `keys revoke needs only keyring.json, and a passphrase only to create a key`() async throws {
        let directory = TemporaryDirectory()
        let issuer = try await RunningIssuer.start(in: directory)
        let old = try await KeyRotationTests.signing(issuer)
        let generated = try await issuer.command(["keys", "generate"])
        #expect(generated.status == 0)
        let next = try #require(try await KeyRotationTests.keys(issuer).last?["kid"] as? String)
        for name in ["keys/\(next).pem", "keys/refresh-1.secret"] {
            try Self.write("garbage", to: directory.path(name))
        }
        let rotate = try await issuer.command(["keys", "rotate"])
        #expect(rotate.status == 78)
        let first = try await issuer.command(["keys", "revoke", old])
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("is active now. It is new: "))
        let unread = "The file of key \(next), which is due to sign, cannot be read"
        #expect(first.errors.contains(unread), "\(first.errors)")
        let new = try await KeyRotationTests.signing(issuer)
        #expect(![old, next].contains(new))
        // The service loads the key `new`. The service still publishes the key `next` from memory, although the test
        // has damaged the file of that key.
        #expect(try await eventually { try await KeyRotationTests.published(issuer) == [next, new] })
        let second = try await issuer.command(["keys", "revoke", next])
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("Key \(new) is still active."))
        #expect(!second.errors.contains("cannot be read"))

        // The test damaged the file `refresh-1.secret`, so `keys generate` fails.
        #expect(try await issuer.command(["keys", "generate"]).status == 78)
        // The passphrase file in these settings does not exist. `keys rotate` must fail. `keys revoke` must continue
        // without a passphrase.
        let settings = issuer.settings.merging(["SIGNET_KEYS_PASSPHRASE_FILE": directory.path("none")]) { $1 }
        let refused = try await SignetCommand.run(
            ["keys", "rotate"], environment: settings, directory: directory.url)
        #expect(refused.status == 73)
        let last = try await SignetCommand.run(
            ["keys", "revoke", new], environment: settings, directory: directory.url)
        #expect(last.status == 0, "\(last.errors)")
        #expect(
            last.errors.contains("Continuing without a passphrase: ") && last.errors.contains(" does not exist"),
            "\(last.errors)")
        await issuer.terminate()
    }
}
