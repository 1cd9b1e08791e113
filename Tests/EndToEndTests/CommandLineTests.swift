import Foundation
import TestSupport
import Testing

@Suite("Commands beside a running service", .timeLimit(.minutes(10)))
struct CommandLineTests {
    @Test func `The service applies users create, disable, enable and delete at once`() async throws {
        let issuer = try await RunningIssuer.start()
        let created = try await issuer.command(
            ["users", "create", "--email", "Bob@Example.com", "--name", "Bob", "--role", "admin", "--json"],
            input: "correct horse battery\n")
        #expect(created.status == 0)
        #expect(try created.json["email"] as? String == "bob@example.com")
        let bob = Person(issuer: issuer, email: "bob@example.com", password: "correct horse battery")
        let tokens = try await bob.login()
        let decoded = try await SignetCommand.run(
            ["token", "decode"], input: tokens.access + "\n", directory: issuer.directory.url)
        let claims = try decoded.json["claims"] as? [String: Any]
        #expect(claims?["roles"] as? [String] == ["admin"])

        #expect(try await issuer.command(["users", "disable", "bob@example.com"]).status == 0)
        #expect(
            try await HTTPCall.post(
                issuer.url + "/api/login", json: ["email": bob.email, "password": bob.password]
            ).status == 401)
        #expect(try await bob.refresh(tokens.refresh).status == 401)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access).status == 401)
        #expect(try await issuer.command(["users", "enable", "bob@example.com"]).status == 0)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access).status == 401)
        let again = try await bob.login()
        #expect(try await issuer.command(["users", "delete", "bob@example.com"]).status == 0)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: again.access).status != 200)
        let gone = try await issuer.command(["users", "show", "bob@example.com"])
        #expect(gone.status == 1)
        #expect(gone.errors.hasPrefix("signet: "))
        let short = try await issuer.command(["users", "create", "--email", "x", "--name", ""], input: "short\n")
        #expect(short.status == 1)
        #expect(short.errors.split(separator: "\n").count == 1)
    }

    @Test func `Sessions end by id, by user and with a new password`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let logins = [try await person.login(), try await person.login(), try await person.login()]
        func sessionIDs() async throws -> [String] {
            let listed = try await issuer.command(["sessions", "list", "--user", person.email, "--json"]).output
            let sessions = try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]] ?? []
            return sessions.filter { $0["state"] as? String == "alive" }.compactMap { $0["id"] as? String }
        }
        func living() async throws -> Int {
            var count = 0
            for tokens in logins {
                count += try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access).status == 200 ? 1 : 0
            }
            return count
        }
        let id = try #require(try await sessionIDs().first)
        #expect(try await issuer.command(["sessions", "revoke", id]).output == "Revoked 1 session.\n")
        #expect(try await issuer.command(["sessions", "revoke", id]).output == "Revoked 0 sessions.\n")
        #expect(try await living() == 2)
        #expect(try await sessionIDs().count == 2)
        #expect(
            try await issuer.command(["sessions", "revoke", "--user", person.email]).output == "Revoked 2 sessions.\n")
        #expect(try await living() == 0)
        #expect(try await issuer.command(["sessions", "revoke", "nothing"]).status == 1)
        for (wrong, expected) in [
            ([], "Pass the id of a session, as 'signet sessions list' shows it, or --user"),
            ([id, "--user", person.email], "not both"),
        ] {
            let refused = try await issuer.command(["sessions", "revoke"] + wrong)
            #expect(refused.status == 64)
            #expect(refused.errors.contains(expected), "\(refused.errors)")
        }

        _ = try await person.login()
        let short = try await issuer.command(["users", "password", person.email], input: "short\n")
        #expect(short.status == 1)
        #expect(short.errors.contains("at least 8 characters"))
        let set = try await issuer.command(["users", "password", person.email], input: "battery staple\n")
        #expect(set.status == 0)
        #expect(set.output.hasSuffix(" and revoked 1 session.\n"))
        #expect(try await sessionIDs().isEmpty)
        let login = issuer.url + "/api/login"
        #expect(
            try await HTTPCall.post(login, json: ["email": person.email, "password": person.password]).status == 401)
        #expect(
            try await HTTPCall.post(login, json: ["email": person.email, "password": "battery staple"]).status == 200)
    }

    @Test func `clients create prints the secret once, and a deleted client's secret and tokens stop working`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--scope", "b a"])
        #expect(!client.id.isEmpty && client.secret.count > 40)
        let listed = try await issuer.command(["clients", "list", "--json"])
        #expect(listed.output.contains(client.id))
        #expect(listed.output.contains("\"scope\":\"a b\""))
        #expect(!listed.output.contains(client.secret))
        let introspect = issuer.url + "/oauth2/introspect"
        let granted = try await HTTPCall.post(
            issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")], client: client)
        let token = try #require(granted["access_token"])
        #expect(
            try await HTTPCall.post(introspect, form: [("token", token)], client: client).json["active"] as? Bool
                == true)
        let other = try await issuer.createClient()
        #expect(try await issuer.command(["clients", "delete", client.id]).status == 0)
        #expect(try await HTTPCall.post(introspect, form: [("token", token)], client: client).status == 401)
        #expect(
            try await HTTPCall.post(introspect, form: [("token", token)], client: other).text
                == "{\"active\":false}")
        #expect(try await issuer.command(["clients", "delete", client.id]).status == 1)
    }

    @Test func `token verify exits with 0 for a valid token, 1 for an invalid one, and 2 if it cannot check`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let tokens = try await Person.register(at: issuer).login()
        let jwks = issuer.directory.path("jwks.json")
        try (await HTTPCall.get(issuer.url + "/.well-known/jwks.json")).body.write(to: URL(filePath: jwks))
        let policy = ["--issuer", issuer.issuer, "--audience", "x", "--audience", issuer.issuer]
        func verify(_ token: String, _ options: [String]) async throws -> SignetCommand.Result {
            try await SignetCommand.run(["token", "verify"] + options, input: token, directory: issuer.directory.url)
        }
        let access = tokens.access
        for keys in [["--jwks", jwks], ["--jwks", issuer.url + "/.well-known/jwks.json"], []] {
            let good = try await verify(access + "\n", keys + policy)
            #expect(good.status == 0, "\(good.errors)")
            #expect(try good.json["iss"] as? String == issuer.issuer)
        }
        let keys = ["--jwks", jwks]
        let cases: [(String, [String], String)] = [
            (access, keys + ["--issuer", "https://other", "--audience", issuer.issuer], "wrongIssuer"),
            (access, keys + ["--issuer", issuer.issuer, "--audience", "other"], "wrongAudience"),
            (access, keys + ["--issuer", issuer.issuer], "wrongAudience"),
            (access, keys + policy + ["--at", "1"], "issuedInFuture"),
            (access, keys + policy + ["--at", "99999999999"], "expired"),
            (access, keys + policy + ["--require", "tenant"], "missingClaim"),
            (String(access.dropLast(8)) + "AAAAAAAA", keys + policy, "badSignature"),
            (access + "\n\n", keys + policy, "malformed"),
            (tokens.refresh, keys + policy, "malformed"),
        ]
        for (token, options, code) in cases {
            let bad = try await verify(token, options)
            #expect(bad.status == 1, "\(code): \(bad.errors)")
            #expect(bad.errors.hasPrefix(code), "\(bad.errors)")
            #expect(bad.output.isEmpty)
            // The first line on standard error is an error code for scripts. The second line is a sentence for people.
            let lines = bad.errors.split(separator: "\n")
            try #require(lines.count == 2, "\(bad.errors)")
            #expect(!lines[0].contains(" ") && lines[1].hasSuffix(")") && lines[1].contains(". ("), "\(bad.errors)")
        }
        for options in [
            ["--jwks", "/nowhere"] + policy, ["--jwks", "http://127.0.0.1:1/"] + policy, ["--leeway", "x"] + keys, [],
            ["--jwks", "http://example.com/jwks"] + policy,
        ] {
            #expect(try await verify(access, options).status == 2, "\(options)")
        }
        #expect(try await verify("", keys + policy).status == 2)
        // The command must refuse a file that is not a JWKS document, and a file that never ends.
        let text = issuer.directory.path("text")
        try Data("not JSON".utf8).write(to: URL(filePath: text))
        for file in [text, "/dev/zero"] {
            let unusable = try await verify(access, ["--jwks", file] + policy)
            #expect(unusable.status == 1)
            #expect(unusable.errors.hasPrefix("unusableKeys\nThe JWKS document holds no usable key. ("))
        }
    }

    @Test func `A data command without a store fails and creates none`() async throws {
        let directory = TemporaryDirectory()
        let commands = [
            ["users", "list"], ["users", "delete", "a@example.com"], ["clients", "create", "orders"],
            ["clients", "list"], ["sessions", "list"], ["audit", "list"], ["audit", "verify"], ["audit", "follow"],
        ]
        for command in commands {
            let result = try await SignetCommand.run(command, directory: directory.url)
            #expect(result.status == 73)
            #expect(result.errors.hasPrefix("signet: the store cannot be used: "))
            #expect(result.errors.hasSuffix("is SIGNET_DATA (--data) right?\n"))
            #expect(result.output.isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `A key command without keys fails and creates none`() async throws {
        let directory = TemporaryDirectory()
        let commands = [
            ["list"], ["generate"], ["rotate"], ["rotate", "--now"], ["rotate", "--refresh-secret"], ["revoke", "kid"],
            ["export", "--public"], ["passphrase"],
        ]
        func expectRefusal(_ arguments: [String], _ hint: String) async throws {
            let result = try await SignetCommand.run(
                ["keys"] + arguments, input: "a new passphrase\n", directory: directory.url)
            #expect(result.status == 73, "\(arguments): \(result.errors)")
            #expect(result.errors.hasPrefix("signet: the keys cannot be used: \(hint)"), "\(result.errors)")
            #expect(result.errors.hasSuffix("is SIGNET_KEYS (--keys) right?\n"), "\(result.errors)")
        }
        for command in commands { try await expectRefusal(command, "./keys does not exist:") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
        try FileManager.default.createDirectory(atPath: directory.path("keys"), withIntermediateDirectories: false)
        for command in commands { try await expectRefusal(command, "./keys/keyring.json does not exist:") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("keys")).isEmpty)
        try Data().write(to: directory.url.appending(path: "file"))
        for command in commands { try await expectRefusal(command + ["--keys", "file"], "file is not a directory:") }
    }

    @Test(arguments: ["verify", "decode"])
    func `The token commands report a standard input that cannot be read`(command: String) async throws {
        let directory = TemporaryDirectory()
        let process = Process()
        process.executableURL = Repository.signet
        process.arguments = ["token", command] + (command == "verify" ? ["--jwks", "/nowhere"] : [])
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        process.standardInput = try FileHandle(forReadingFrom: directory.url)
        process.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == (command == "verify" ? 2 : 1))
    }

    @Test(arguments: ["users", "clients", "sessions"])
    func `The list commands refuse a --limit out of bounds`(list: String) async throws {
        let directory = TemporaryDirectory()
        for limit in ["--limit=0", "--limit=-1", "--limit=100001"] {
            let result = try await SignetCommand.run([list, "list", limit], directory: directory.url)
            #expect(result.status == 64, "\(limit)")
            #expect(result.errors.contains("--limit"))
        }
    }

    @Test(arguments: [["keys", "list"], ["keys", "export", "--public"]])
    func `A command that reads keyring.json alone takes no option of the store or the passphrase`(
        command: [String]
    ) async throws {
        let directory = TemporaryDirectory()
        let help = try await SignetCommand.run(command + ["--help"], directory: directory.url)
        #expect(help.output.contains("--keys <directory>"))
        for option in ["--data", "--keys-passphrase-file"] {
            #expect(!help.output.contains(option))
            let refused = try await SignetCommand.run(command + [option, "x"], directory: directory.url)
            #expect(refused.status == 64)
            #expect(refused.errors.contains("Unknown option '\(option)'"))
        }
    }

    @Test func `Every command has a help text`() async throws {
        let directory = TemporaryDirectory()
        let commands = [
            [], ["serve"], ["users"], ["users", "create"], ["clients"], ["clients", "create"], ["keys"],
            ["keys", "list"], ["keys", "generate"], ["keys", "rotate"], ["keys", "revoke"], ["keys", "import"],
            ["keys", "export"], ["keys", "passphrase"], ["sessions"], ["sessions", "revoke"],
            ["users", "password"], ["audit"], ["audit", "list"],
            ["audit", "follow"], ["audit", "verify"], ["token"], ["token", "verify"],
            ["token", "decode"],
        ]
        for command in commands {
            let result = try await SignetCommand.run(command + ["--help"], directory: directory.url)
            #expect(result.status == 0)
            #expect(result.output.contains("OVERVIEW:"))
        }
        let times = try await SignetCommand.run(["audit", "list", "--help"], directory: directory.url).output
        for form in ["2026-01-31T09:30:00Z", "+01:00", "1h", "90m", "7d"] { #expect(times.contains(form)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }
}
