import Foundation
import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("Audit commands beside a running service", .timeLimit(.minutes(10)))
struct AuditTests {
    /// The JSON objects that a command printed, one per line.
    private static func objects(_ result: SignetCommand.Result) throws -> [[String: Any]] {
        try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private static func types(_ objects: [[String: Any]]) -> [String] { objects.map { $0["type"] as? String ?? "" } }

    @Test func `audit list filters by user, type and time, and prints no secrets`() async throws {
        let issuer = try await RunningIssuer.start()
        let ada = try await Person.register(at: issuer)
        let bob = try await Person.register(at: issuer)
        let tokens = try await ada.login()
        _ = try await bob.login()
        let refreshed = try await ada.refresh(tokens.refresh)
        #expect(refreshed.status == 200)
        #expect(
            try await HTTPCall.post(issuer.url + "/api/logout", json: ["refreshToken": tokens.refresh]).status == 200)

        let all = try await issuer.command(["audit", "list", "--json"])
        #expect(all.status == 0, "\(all.errors)")
        let objects = try Self.objects(all)
        #expect(
            Self.types(objects) == ["key_generated", "registration", "registration", "login", "login", "logout"])
        try #require(objects.compactMap { $0["sequence"] as? Int } == Array(1...6))
        #expect(objects[5]["address"] as? String == "127.0.0.1")
        #expect(objects[5]["actor"] as? String == "user")
        #expect(objects[5]["outcome"] as? String == "succeeded")
        #expect(objects[5]["session"] as? String == objects[3]["session"] as? String)
        for secret in [ada.email, bob.email, ada.password, tokens.refresh, tokens.access] {
            #expect(!all.output.contains(secret))
        }

        let mine = try await issuer.command(["audit", "list", "--user", ada.email, "--json"])
        #expect(Self.types(try Self.objects(mine)) == ["registration", "login", "logout"])
        let id = try #require(try Self.objects(mine).first?["user"] as? String)
        #expect(try await issuer.command(["users", "delete", ada.email]).status == 0)
        let since = try await issuer.command(
            ["audit", "list", "--user", id, "--since", "1h", "--type", "user_deleted", "--type", "login", "--json"])
        #expect(Self.types(try Self.objects(since)) == ["login", "user_deleted"])
        let newest = try await issuer.command(["audit", "list", "--limit", "1"])
        #expect(newest.output.split(separator: "\n").count == 1)
        #expect(newest.output.contains("#7 user_deleted succeeded by=operator user=\(id)"))
        #expect(!newest.output.contains("\u{1B}"))

        let time = try #require(objects[3]["time"] as? String)
        let until = try await issuer.command(["audit", "list", "--until", time, "--json"])
        #expect(try Self.objects(until).contains { $0["sequence"] as? Int == 4 })
        for span in [["--until", "2020-01-31T09:30:00Z"], ["--since", "2999-01-01T00:00:00+01:00"]] {
            let none = try await issuer.command(["audit", "list"] + span)
            #expect(none.status == 0 && none.output.isEmpty)
        }
    }

    @Test func `audit follow prints each record when it is written`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let command = try RunningCommand(["audit", "follow", "--after", "1", "--json"], beside: issuer)
        #expect(await command.line()?.contains("\"registration\"") == true)
        _ = try await person.login()
        #expect(await command.line()?.contains("\"login\"") == true)
        let wrong = try await HTTPCall.post(
            issuer.url + "/api/login", json: ["email": person.email, "password": "not this one"])
        #expect(wrong.status == 401)
        let line = try #require(await command.line())
        #expect(line.contains("\"wrong_password\"") && line.contains("\"refused\""))
    }

    @Test func `audit follow continues after records that it has not printed are trimmed`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let store = try LMDBStore.open(path: issuer.directory.path("data"))
        defer { store.close() }
        let trimmed = try await store.write { writer in
            try writer.trimAudit(
                before: Timestamp(milliseconds: .max), at: Timestamp(milliseconds: .max), downTo: .max, limit: 100)
        }
        #expect(trimmed == 2)
        // Records 1 and 2 were trimmed from the log. So `--after 1` must continue with record 3.
        let command = try RunningCommand(["audit", "follow", "--after", "1", "--json"], beside: issuer)
        _ = try await person.login()
        #expect(await command.line()?.contains("\"sequence\":3") == true)
        let verified = try await issuer.command(["audit", "verify"])
        #expect(verified.status == 0 && verified.output.hasPrefix("1 record, intact.\nhead 3:"))
        let gone = try await issuer.command(
            ["audit", "verify", "--head", "1:" + String(repeating: "0", count: 64)])
        #expect(gone.status == 1 && gone.errors.contains("was trimmed"))
    }

    @Test func `audit verify proves a saved head, and a stopping service writes its buffered events`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let first = try await issuer.command(["audit", "verify", "--json"])
        #expect(first.status == 0, "\(first.errors)")
        let head = try #require(try first.json["head"] as? String)
        #expect(try first.json["intact"] as? Bool == true)
        for _ in 0..<3 {
            let wrong = try await HTTPCall.post(
                issuer.url + "/api/login", json: ["email": person.email, "password": "not this one"])
            #expect(wrong.status == 401)
        }
        #expect(await issuer.terminate() == 0)
        let failures = try Self.objects(try await issuer.command(["audit", "list", "--type", "login", "--json"]))
        #expect(failures.compactMap { $0["count"] as? Int }.reduce(0, +) == 3)
        let second = try await issuer.command(["audit", "verify", "--head", head])
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.output.contains("intact.\nhead \(2 + failures.count):"))
        let other = head.dropLast() + (head.last == "0" ? "1" : "0")
        let rewritten = try await issuer.command(["audit", "verify", "--json", "--head", String(other)])
        #expect(rewritten.status == 1)
        #expect(try rewritten.json["finding"] as? String == "otherHead")
        #expect(rewritten.errors.hasPrefix("signet: the audit log is not intact: record 2 "))
        let cut = try await issuer.command(["audit", "verify", "--head", "99" + head.drop { $0 != ":" }])
        #expect(cut.status == 1)
        // The service writes the head of the audit log (the number and hash of the newest audit record) to its own log.
        #expect(issuer.messages.contains("head=\(2 + failures.count):"))
    }

    @Test(arguments: [
        ["list", "--limit", "0"], ["list", "--since", "yesterday"], ["list", "--type", "logins"],
        ["verify", "--head", "1"], ["follow", "--after", "-1"], ["list", "--until", "2026-13-01T00:00:00Z"],
    ])
    func `Invalid options are refused`(arguments: [String]) async throws {
        let directory = TemporaryDirectory()
        let result = try await SignetCommand.run(["audit"] + arguments, directory: directory.url)
        #expect(result.status == 64, "\(result.errors)")
    }
}
