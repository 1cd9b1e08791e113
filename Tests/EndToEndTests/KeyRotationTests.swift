import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Key changes beside a running service", .timeLimit(.minutes(10)))
struct KeyRotationTests {
    /// The `kid`s in the JWKS that the service publishes.
    static func published(_ issuer: RunningIssuer) async throws -> Set<String> {
        let keys = try await HTTPCall.get(issuer.url + "/.well-known/jwks.json").json["keys"] as? [[String: Any]] ?? []
        return Set(keys.compactMap { $0["kid"] as? String })
    }

    static func keys(_ issuer: RunningIssuer) async throws -> [[String: Any]] {
        let result = try await issuer.command(["keys", "list", "--json"])
        try #require(result.status == 0, "\(result.errors)")
        return try result.json["keys"] as? [[String: Any]] ?? []
    }

    static func signing(_ issuer: RunningIssuer) async throws -> String {
        try #require(try await keys(issuer).first { $0["signing"] as? Bool == true }?["kid"] as? String)
    }

    static func kid(of token: String) throws -> String {
        var header = String(try #require(token.split(separator: ".").first))
            .replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while header.count % 4 != 0 { header += "=" }
        let json = try JSONSerialization.jsonObject(with: try #require(Data(base64Encoded: header))) as? [String: Any]
        return try #require(json?["kid"] as? String)
    }

    static func isActive(
        _ token: String, _ issuer: RunningIssuer, _ client: (id: String, secret: String)
    ) async throws -> Bool {
        let answer = try await HTTPCall.post(
            issuer.url + "/oauth2/introspect", form: [("token", token)], client: client)
        return answer.json["active"] as? Bool == true
    }

    @Test
    func `The service applies rotate, rotate --now and revoke without a restart`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient()
        let person = try await Person.register(at: issuer)
        let first = try await person.login()
        let old = try Self.kid(of: first.access)
        #expect(try await Self.signing(issuer) == old)

        // The command publishes a new key. The new key does not sign yet.
        let rotated = try await issuer.command(["keys", "rotate"])
        #expect(rotated.status == 0, "\(rotated.errors)")
        #expect(await issuer.waitForLine(containing: "reloaded the keys"))
        #expect(try await Self.published(issuer).count == 2)
        #expect(try await Self.kid(of: person.login().access) == old)
        let again = try await issuer.command(["keys", "rotate"])
        #expect(again.status == 1)
        #expect(again.errors.hasPrefix("signet: key "))
        #expect(again.errors.contains("'signet keys rotate --now'"))
        let time = try #require(try await Self.keys(issuer).last?["activates_at"] as? String)
        #expect(again.errors.contains(time))
        let another = try await issuer.command(["keys", "generate"])
        #expect(another.status == 1)
        #expect(another.errors.contains("signs from \(time) on; 'signet keys rotate --now'"), "\(another.errors)")

        // Standard input is not a terminal, so the command cannot ask for confirmation.
        let unsure = try await issuer.command(["keys", "rotate", "--now"])
        #expect(unsure.status == 1)
        #expect(unsure.errors.contains("reject every new token"))
        #expect(unsure.errors.contains("--yes"))
        #expect(try await issuer.command(["keys", "rotate", "--now", "--yes"]).status == 0)
        #expect(await issuer.waitForLine(containing: "the signing key changed"))
        let second = try await person.login()
        let new = try Self.kid(of: second.access)
        #expect(new != old)
        for token in [first.access, second.access] { #expect(try await Self.isActive(token, issuer, client)) }

        let revoked = try await issuer.command(["keys", "revoke", old])
        #expect(revoked.output == "Revoked key \(old).\n")
        #expect(revoked.errors.contains("for up to 300s more"))
        #expect(revoked.errors.contains("Key \(new) is still active."))
        #expect(!revoked.errors.contains("revoke it as well"))
        #expect(try await eventually { try await Self.published(issuer) == [new] })
        #expect(try await Self.isActive(first.access, issuer, client) == false)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: first.access).status == 401)
        #expect(try await Self.isActive(second.access, issuer, client))
        #expect(try await person.refresh(first.refresh).status == 200)
        #expect(try await issuer.command(["keys", "revoke", old]).status == 1)

        // There is no store in `/nowhere`. The command creates the key, and reports that the audit log does not record
        // it.
        let unrecorded = try await issuer.command(["keys", "generate", "--data", "/nowhere"])
        #expect(unrecorded.status == 73)
        #expect(unrecorded.output.hasPrefix("Generated key "))
        #expect(unrecorded.errors.contains("The key becomes active at "))
        #expect(unrecorded.errors.contains("SIGNET_DATA (--data)"))
        #expect(unrecorded.errors.contains("the audit log does not record the change"))
        let next = try #require(try await Self.keys(issuer).last?["kid"] as? String)
        let promoted = try await issuer.command(["keys", "revoke", new])
        #expect(promoted.status == 0)
        #expect(promoted.errors.contains("Key \(next) is active now. It was published at "), "\(promoted.errors)")
        #expect(promoted.errors.contains("revoke it as well"))
        #expect(await issuer.terminate() == 0)
    }

    @Test func `Revoking all keys, the active one last, leaves only a new key`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        // These two commands leave three keys in the keyring: one retired, one active, one next.
        #expect(try await issuer.command(["keys", "rotate", "--now", "--yes"]).status == 0)
        #expect(try await issuer.command(["keys", "generate"]).status == 0)
        let listed = try await Self.keys(issuer)
        let leaked = listed.compactMap { $0["kid"] as? String }
        #expect(leaked.count == 3)
        let signing = try await Self.signing(issuer)
        for kid in leaked.filter({ $0 != signing }) + [signing] {
            let revoked = try await issuer.command(["keys", "revoke", kid])
            #expect(revoked.status == 0, "\(revoked.errors)")
            let isLast = kid == signing
            #expect(revoked.errors.contains("is active now. It is new: ") == isLast, "\(revoked.errors)")
            #expect(revoked.errors.contains("Key \(signing) is still active.") != isLast, "\(revoked.errors)")
        }
        let new = try await Self.signing(issuer)
        #expect(!leaked.contains(new))
        #expect(try await eventually { try await Self.published(issuer) == [new] })
        #expect(try await Self.kid(of: person.login().access) == new)
        #expect(try await person.refresh(tokens.refresh).status == 200)
        let log = try await issuer.command(["audit", "list", "--json"])
        #expect(leaked.allSatisfy { log.output.contains($0) } && log.output.contains(new))
        #expect(await issuer.terminate() == 0)
    }

    @Test
    func `SIGHUP makes the service read its keys again and does not end it`() async throws {
        let issuer = try await RunningIssuer.start()
        // Make the file of the signing key readable for other system users. The service has loaded this key before.
        let kid = try await Self.signing(issuer)
        let file = issuer.directory.path("keys/\(kid).pem")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        kill(issuer.processIdentifier, SIGHUP)
        #expect(await issuer.waitForLine(containing: "reading the keys: other users can read \(file): run chmod 600"))
        #expect(try await Self.published(issuer) == [kid])
        #expect(!issuer.messages.contains("reloaded the keys"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        kill(issuer.processIdentifier, SIGHUP)
        #expect(await issuer.waitForLine(containing: "reloaded the keys"))
        #expect(try await Self.published(issuer) == [kid])
        #expect(await issuer.terminate() == 0)
    }

    @Test
    func `Two services on one directory create each key once and accept each other's tokens`()
        async throws
    {
        let directory = TemporaryDirectory()
        let settings = [
            "SIGNET_ISSUER": "http://127.0.0.1:1", "SIGNET_KEY_ROTATION": "12s", "SIGNET_KEY_LEAD": "10s",
            "SIGNET_JWKS_MAX_AGE": "1s", "SIGNET_ACCESS_TOKEN_TTL": "30s",
        ]
        let issuers = [
            try await RunningIssuer.start(settings: settings, in: directory),
            try await RunningIssuer.start(settings: settings, in: directory),
        ]
        var tokens = try await Person.register(at: issuers[0]).login()
        // For each service, the IDs of the keys with which it has signed. Continue until each service has used three
        // keys.
        var signers: [Set<String>] = [[], []]
        while signers.contains(where: { $0.count < 3 }) {
            for (number, issuer) in issuers.enumerated() {
                let answer = try await HTTPCall.post(
                    issuer.url + "/api/refresh-token", json: ["refreshToken": tokens.refresh])
                try #require(answer.status == 200, "\(answer.text)")
                tokens = Person.Tokens(
                    access: try #require(answer["accessToken"]), refresh: try #require(answer["refreshToken"]))
                signers[number].insert(try Self.kid(of: tokens.access))
                for other in issuers {
                    #expect(try await HTTPCall.get(other.url + "/api/profile", token: tokens.access).status == 200)
                }
            }
        }
        for issuer in issuers { #expect(issuer.messages.contains("the signing key changed")) }
        let made = issuers.map { $0.messages.components(separatedBy: "key generated").count - 1 }.reduce(0, +)
        let known = try await Self.keys(issuers[0]).compactMap { $0["kid"] as? String }
        #expect(Set(known).isSuperset(of: signers[0].union(signers[1])))
        #expect((known.count - 1...known.count).contains(made), "\(made) keys were made, and there are \(known.count)")
        // When a command revokes a key, both services must stop publishing the key.
        let old = try await Self.signing(issuers[0])
        #expect(try await issuers[1].command(["keys", "revoke", old]).status == 0)
        for issuer in issuers {
            #expect(try await eventually { try await !Self.published(issuer).contains(old) })
        }
        for issuer in issuers {
            #expect(!issuer.messages.contains(" error "), "\(issuer.messages)")
            #expect(await issuer.terminate() == 0)
        }
    }

    @Test func `The JWKS has max-age, ETag and CORS headers, and answers HEAD and conditional requests`() async throws {
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_JWKS_MAX_AGE": "90s"])
        let url = issuer.url + "/.well-known/jwks.json"
        let full = try await HTTPCall.get(url)
        #expect(full.header("Cache-Control") == "public, max-age=90")
        #expect(full.header("Content-Type") == "application/jwk-set+json")
        #expect(full.header("Access-Control-Allow-Origin") == "*")
        let tag = try #require(full.header("ETag"))
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        let same = try await HTTPCall.get(url, headers: [("If-None-Match", tag)])
        #expect(same.status == 304)
        #expect(same.body.isEmpty)
        #expect(same.header("ETag") == tag)
        #expect(same.header("Cache-Control") == "public, max-age=90")
        #expect(same.header("Access-Control-Allow-Origin") == "*")
        let head = try await HTTPCall.send(.HEAD, url)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.header("ETag") == tag)
        for lines in [["W/\(tag)"], ["*"], ["\"other\", W/\"more\", \(tag)"], ["\"other\"", tag]] {
            let headers = lines.map { ("If-None-Match", $0) }
            for method in [HTTPMethod.GET, .HEAD] {
                let held = try await HTTPCall.send(method, url, headers: headers)
                #expect(held.status == 304, "\(method) \(lines)")
                #expect(held.body.isEmpty)
                #expect(held.header("ETag") == tag)
                #expect(held.header("Cache-Control") == "public, max-age=90")
            }
        }
        for lines in [["\"other\""], ["\"other\"", "W/\"more\""], [String(tag.dropLast()) + "x\""]] {
            let missed = try await HTTPCall.send(.HEAD, url, headers: lines.map { ("If-None-Match", $0) })
            #expect(missed.status == 200, "\(lines)")
        }
        #expect(try await issuer.command(["keys", "generate"]).status == 0)
        #expect(try await eventually { try await Self.published(issuer).count == 2 })
        let changed = try await HTTPCall.get(url, headers: [("If-None-Match", tag)])
        #expect(changed.status == 200)
        #expect(changed.header("ETag") != tag)
    }

    @Test func `A key policy that would publish keys too late is refused at the start, with a valid example`()
        async throws
    {
        let directory = TemporaryDirectory()
        let cases: [([String: String], [String])] = [
            (["SIGNET_KEY_LEAD": "4m"], ["SIGNET_KEY_LEAD", "6m2s", "for example: SIGNET_KEY_LEAD=7m\n"]),
            (["SIGNET_KEY_ROTATION": "12h"], ["SIGNET_KEY_ROTATION", "1d", "for example: SIGNET_KEY_ROTATION=1d\n"]),
            (["SIGNET_JWKS_MAX_AGE": "2d"], ["SIGNET_KEY_LEAD", "2d2h2s", "for example: SIGNET_KEY_LEAD=3d\n"]),
            (
                ["SIGNET_JWKS_MAX_AGE": "2d", "SIGNET_KEY_ROTATION": "1d"],
                ["for example: SIGNET_KEY_LEAD=3d SIGNET_KEY_ROTATION=3d\n"]
            ),
            (["SIGNET_KEY_ROTATION": "never"], ["SIGNET_KEY_ROTATION"]),
            (["SIGNET_KEYS_PASSPHRASE": "short"], ["passphrase"]),
            (["SIGNET_KEYS_PASSPHRASE": "long enough", "SIGNET_KEYS_PASSPHRASE_FILE": "x"], ["both"]),
            (["SIGNET_KEYS_PASSPHRASE_FILE": "none"], ["none"]),
        ]
        for (settings, hints) in cases {
            // The test picks free ports, because another service may use the default ports.
            let ports = ["SIGNET_PORT": "\(try FreePort.next())", "SIGNET_OPS_PORT": "\(try FreePort.next())"]
            let result = try await SignetCommand.run(
                ["serve"], environment: settings.merging(ports) { $1 }, directory: directory.url)
            #expect(result.status == 78 || result.status == 73, "\(settings)")
            #expect(result.errors.split(separator: "\n").count == 1)
            for hint in hints { #expect(result.errors.contains(hint), "\(result.errors)") }
            for value in ["short", "long enough"] { #expect(!result.errors.contains("\"\(value)\"")) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `keys passphrase sets, changes and removes the passphrase, without which the service does not start`()
        async throws
    {
        let directory = TemporaryDirectory()
        let issuer = try await RunningIssuer.start(in: directory)
        let token = try await Person.register(at: issuer).login().access
        for name in ["one", "two", "keys/x"] {
            let file = directory.path(name)
            try Data("passphrase \(name)\n".utf8).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        #expect(try await issuer.command(["keys", "passphrase", "--remove"]).status == 1)
        let inside = try await issuer.command(["keys", "passphrase", "--new-file", directory.path("keys/x")])
        #expect(inside.status == 78, "\(inside.errors)")
        #expect(try await issuer.command(["keys", "passphrase", "--new-file", directory.path("one")]).status == 0)
        // The command encrypted the key files with a passphrase that the service does not have. The service still has
        // the keys in memory.
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: token).status == 200)
        await issuer.terminate()
        var settings = issuer.settings
        func start() async throws -> SignetCommand.Result {
            try await SignetCommand.run(["serve"], environment: settings, directory: directory.url)
        }
        // The service and the commands refuse a passphrase file that is in the same directory as the keys.
        settings["SIGNET_KEYS_PASSPHRASE_FILE"] = directory.path("keys/x")
        let beside = try await start()
        let command = try await SignetCommand.run(
            ["keys", "generate"], environment: settings, directory: directory.url)
        for result in [beside, command] {
            #expect(result.status == 78)
            #expect(result.errors.contains("keys/x is in the directory of the keys"), "\(result.errors)")
        }
        settings["SIGNET_KEYS_PASSPHRASE_FILE"] = nil
        let missing = try await start()
        #expect(missing.status == 78)
        #expect(missing.errors.contains("SIGNET_KEYS_PASSPHRASE_FILE"))
        settings["SIGNET_KEYS_PASSPHRASE_FILE"] = directory.path("two")
        let wrong = try await start()
        #expect(wrong.status == 78)
        #expect(wrong.errors.contains("does not decrypt"))
        settings["SIGNET_KEYS_PASSPHRASE_FILE"] = directory.path("one")
        let again = try await RunningIssuer.start(
            settings: [
                "SIGNET_ISSUER": issuer.issuer, "SIGNET_KEYS_PASSPHRASE_FILE": directory.path("one"),
            ], in: directory)
        #expect(try await HTTPCall.get(again.url + "/api/profile", token: token).status == 200)
        #expect(
            try await again.command(["keys", "passphrase"], input: "passphrase two\n").status == 0)
        let list = try await again.command(["keys", "list"])
        #expect(list.status == 0)
        settings["SIGNET_KEYS_PASSPHRASE_FILE"] = directory.path("two")
        let removed = try await SignetCommand.run(
            ["keys", "passphrase", "--remove"], environment: settings, directory: directory.url)
        #expect(removed.status == 0, "\(removed.errors)")
        #expect(removed.errors.hasPrefix("Remove the passphrase from "))
        await again.terminate()
        let unused = try await start()
        #expect(unused.status == 78)
        #expect(unused.errors.contains("signet keys passphrase"))

        // The service warns if it creates a keyring although the store has accounts, because SIGNET_KEYS may be wrong.
        // `issuer` created its keyring before the first account, so it must not have warned.
        #expect(issuer.messages.contains("created a new keyring"))
        #expect(!issuer.messages.contains("is SIGNET_KEYS right?"))
        let astray = try await RunningIssuer.start(
            settings: ["SIGNET_KEYS": directory.path("other")], in: directory)
        #expect(astray.messages.contains("is SIGNET_KEYS right?"))
        await astray.terminate()
    }

    @Test func `keys import, keys export and keys rotate --refresh-secret work beside the service`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let old = try await Self.signing(issuer)
        let pem = try await issuer.command(["keys", "export", "--public", old])
        #expect(pem.output.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        let jwks = try await issuer.command(["keys", "export", "--public", "--format", "jwk"])
        #expect(((try jwks.json["keys"]) as? [[String: Any]])?.first?["kid"] as? String == old)
        #expect(try await issuer.command(["keys", "export"]).status == 64)
        #expect(try await issuer.command(["keys", "export", "--public", "nobody"]).status == 1)

        let own = issuer.directory.path("keys/\(old).pem")
        let known = try await issuer.command(["keys", "import", own])
        #expect(known.status == 1)
        #expect(known.errors.contains("already"))
        let bad = issuer.directory.path("bad.pem")
        try Data("no key".utf8).write(to: URL(filePath: bad))
        #expect(try await issuer.command(["keys", "import", bad]).errors.contains("PEM"))
        #expect(try await issuer.command(["keys", "import", "/nowhere"]).status == 1)
        let pipe = issuer.directory.path("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(try await issuer.command(["keys", "import", pipe]).errors.contains("is not a regular file"))
        let small = issuer.directory.path("small.pem")
        try Self.openssl(["genrsa", "-out", small, "1024"])
        let refused = try await issuer.command(["keys", "import", small])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("2048"), "\(refused.errors)")
        let curve = issuer.directory.path("curve.pem")
        for form in [
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            ["ecparam", "-genkey", "-name", "prime256v1"],
        ] {
            try Self.openssl(form + ["-out", curve])
            let elliptic = try await issuer.command(["keys", "import", curve])
            #expect(elliptic.status == 1)
            #expect(elliptic.errors.contains("RSA with 2048 bits or more"), "\(elliptic.errors)")
            #expect(elliptic.errors.contains("of type EC\n"), "\(elliptic.errors)")
        }
        let good = issuer.directory.path("good.pem")
        try Self.openssl(["genrsa", "-traditional", "-out", good, "3072"])
        let taken = try await issuer.command(["keys", "import", good])
        #expect(taken.status == 0, "\(taken.errors)")
        let imported = try await Self.keys(issuer).last
        #expect(imported?["bits"] as? Int == 3072)
        #expect(imported?["state"] as? String == "next")
        #expect(imported?["next_event"] as? String == "signs")

        let secret = try await issuer.command(["keys", "rotate", "--refresh-secret"])
        #expect(secret.output.hasPrefix("Generated refresh token HMAC key 2;"))
        #expect(try await person.refresh(tokens.refresh).status == 200)
        let list = try await issuer.command(["keys", "list", "--json"])
        let secrets = try list.json["refresh_secrets"] as? [[String: Any]] ?? []
        #expect(secrets.compactMap { $0["id"] as? Int } == [1, 2])
        #expect(secrets.compactMap { $0["state"] as? String } == ["active", "next"])
        #expect(secrets.compactMap { $0["next_event"] as? String } == ["replaced", "used"])
        #expect(secrets.allSatisfy { $0["created_at"] is String && $0["next_at"] is String })
        let table = try await issuer.command(["keys", "list"])
        #expect(table.output.contains("REFRESH TOKEN HMAC KEY"))
        #expect(table.output.contains("successor is used for new tokens"))
        for name in ["refresh-1.secret", "refresh-2.secret"] {
            // The secret file contains one byte for the format version, one byte for the ID, and then the HMAC key.
            let secret = try Data(contentsOf: issuer.directory.url.appending(path: "keys/\(name)")).dropFirst(2)
            let hex = secret.map { String(format: "%02x", $0) }.joined()
            for text in [table.output, list.output] {
                #expect(!text.contains(hex) && !text.contains(secret.base64EncodedString().prefix(40)))
            }
        }
    }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
