import Foundation
import NIOHTTP1
import Testing

#if os(Linux)
    @Suite("A full disk", .timeLimit(.minutes(10)))
    struct FullDiskTests {
        @Test func `Changes are refused with 503, have no effect, and succeed once there is space again`()
            async throws
        {
            let issuer = try await RunningIssuer.start()
            let person = try await Person.register(at: issuer)
            let logins = [try await person.login(), try await person.login(), try await person.login()]
            let client = try await issuer.createClient()
            let bearer = [("Authorization", "Bearer \(logins[0].access)"), ("Content-Type", "application/json")]
            let other = try #require(try await Self.sessions(of: logins[0], at: issuer).first { !$0.isCurrent })

            func changes() async throws -> [(name: String, answer: HTTPCall.Answer)] {
                func call(_ method: HTTPMethod, _ path: String, _ json: String?) async throws -> HTTPCall.Answer {
                    try await HTTPCall.send(
                        method, issuer.url + path, headers: bearer, body: json.map { Array($0.utf8) })
                }
                let password = person.password
                return [
                    ("register", try await call(.POST, "/api/register", Self.newcomer)),
                    (
                        "login",
                        try await call(.POST, "/api/login", #"{"email":"\#(person.email)","password":"\#(password)"}"#)
                    ),
                    ("refresh", try await person.refresh(logins[1].refresh)),
                    (
                        "token",
                        try await HTTPCall.post(
                            issuer.url + "/oauth2/token",
                            form: [("grant_type", "refresh_token"), ("refresh_token", logins[2].refresh)])
                    ),
                    ("session", try await call(.DELETE, "/api/sessions/\(other.id)", nil)),
                    (
                        "password",
                        try await call(
                            .POST, "/api/password",
                            #"{"currentPassword":"\#(password)","newPassword":"\#(password)"}"#)
                    ),
                    (
                        "revoke",
                        try await HTTPCall.post(
                            issuer.url + "/oauth2/revoke", form: [("token", logins[0].access)], client: client)
                    ),
                ]
            }
            /// Logs in, and returns the answers to three further requests: end all sessions, delete the account, log
            /// out.
            func endings() async throws -> [(name: String, answer: HTTPCall.Answer)] {
                let person = try await HTTPCall.post(
                    issuer.url + "/api/login", json: ["email": person.email, "password": person.password])
                let bearer = [
                    ("Authorization", "Bearer \(person["accessToken"] ?? logins[0].access)"),
                    ("Content-Type", "application/json"),
                ]
                let refresh = person["refreshToken"] ?? logins[0].refresh
                return [
                    (
                        "sessions",
                        try await HTTPCall.send(.DELETE, issuer.url + "/api/sessions", headers: bearer)
                    ),
                    (
                        "account",
                        try await HTTPCall.send(
                            .DELETE, issuer.url + "/api/account", headers: bearer,
                            body: Array(#"{"password":"\#(self.password)"}"#.utf8))
                    ),
                    ("logout", try await HTTPCall.post(issuer.url + "/api/logout", json: ["refreshToken": refresh])),
                ]
            }

            try Self.limitFiles(of: issuer, to: 1)
            for (name, answer) in try await changes() + endings() {
                #expect(answer.status == 503, "\(name): \(answer.text)")
                #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 > 0, "\(name)")
            }
            try Self.limitFiles(of: issuer, to: nil)
            #expect(try await Self.sessions(of: logins[0], at: issuer).count == logins.count)
            for (name, answer) in try await changes() + endings() {
                #expect((200...204).contains(answer.status), "\(name): \(answer.text)")
            }
            #expect(await issuer.terminate() == 0)
        }

        private let password = "correct horse battery"
        private static let newcomer = #"{"name":"Eve","email":"eve@example.com","password":"correct horse battery"}"#

        private static func sessions(
            of tokens: Person.Tokens, at issuer: RunningIssuer
        ) async throws -> [(id: String, isCurrent: Bool)] {
            let answer = try await HTTPCall.get(issuer.url + "/api/sessions", token: tokens.access)
            let sessions = try #require(answer.json["sessions"] as? [[String: Any]])
            return try sessions.map { session in
                (try #require(session["id"] as? String), try #require(session["current"] as? Bool))
            }
        }

        /// Sets the file size limit of the service's process, in bytes; `nil` removes the limit.
        private static func limitFiles(of issuer: RunningIssuer, to bytes: Int?) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/prlimit")
            process.arguments = [
                "--pid", "\(issuer.processIdentifier)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):",
            ]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
    }
#endif
