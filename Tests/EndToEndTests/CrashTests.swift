import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("SIGKILL under load", .serialized, .timeLimit(.minutes(20)))
struct CrashTests {
    /// The changes that the service acknowledged before the test killed it. None of these changes may be lost.
    private struct Acknowledged {
        var users: [String] = []
        /// The newest refresh token of each session.
        var sessions: [(email: String, refresh: String)] = []
        var ended: [String] = []
    }

    @Test func `loses no acknowledged user, session or logout in fifty rounds`() async throws {
        let directory = TemporaryDirectory()
        let settings = ["SIGNET_ISSUER": "https://id.example.com"]
        var acknowledged = Acknowledged()
        var random = SystemRandomNumberGenerator()
        for round in 0..<50 {
            let issuer = try await RunningIssuer.start(settings: settings, in: directory)
            try await expectEverything(acknowledged, at: issuer)
            // Kill the service after a random number of acknowledged changes, so that the kill interrupts commits at
            // random points.
            let budget = Int.random(in: 3...12, using: &random)
            let added = await load(issuer, round: round, until: budget)
            acknowledged.users += added.users
            acknowledged.sessions += added.sessions
            acknowledged.ended += added.ended
        }
        let issuer = try await RunningIssuer.start(settings: settings, in: directory)
        try await expectEverything(acknowledged, at: issuer, checkingAll: true)
        #expect(acknowledged.users.count >= 50)
        #expect(acknowledged.sessions.count >= 25)
        #expect(acknowledged.ended.count >= 5)
    }

    /// Collects the changes that the service acknowledges. Kills the service after `budget` acknowledged changes.
    private final class Load: Sendable {
        private let state = Mutex((acknowledged: Acknowledged(), answers: 0))
        private let issuer: RunningIssuer
        private let budget: Int

        init(on issuer: RunningIssuer, until budget: Int) {
            self.issuer = issuer
            self.budget = budget
        }

        func note(_ add: (inout Acknowledged) -> Void) {
            let isLast = state.withLock { state in
                add(&state.acknowledged)
                state.answers += 1
                return state.answers == budget
            }
            if isLast { issuer.killNow() }
        }

        var acknowledged: Acknowledged { state.withLock { $0.acknowledged } }
    }

    /// Runs six concurrent callers that register users, log in, and refresh or log out. Kills the service after
    /// `budget` acknowledged changes, and returns the acknowledged changes.
    private func load(_ issuer: RunningIssuer, round: Int, until budget: Int) async -> Acknowledged {
        let load = Load(on: issuer, until: budget)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<6 {
                // When a call fails, the service has been killed, and the caller stops.
                group.addTask { try? await Self.use(issuer, round: round, caller: caller, noting: load) }
            }
        }
        issuer.killNow()
        await issuer.hasGone()
        return load.acknowledged
    }

    private static func use(_ issuer: RunningIssuer, round: Int, caller: Int, noting load: Load) async throws {
        for turn in 0... {
            let name = "r\(round)-c\(caller)-t\(turn)"
            let email = "\(name)@example.com"
            let registered = try await HTTPCall.post(
                issuer.url + "/api/register", json: ["name": name, "email": email, "password": "correct horse"])
            guard registered.status == 201 else { return }
            load.note { $0.users.append(email) }
            let login = try await HTTPCall.post(
                issuer.url + "/api/login", json: ["email": email, "password": "correct horse"])
            guard let token = login["refreshToken"] else { return }
            let route = (caller + turn) % 3 > 0 ? "/api/refresh-token" : "/api/logout"
            let answer = try await HTTPCall.post(issuer.url + route, json: ["refreshToken": token])
            guard answer.status == 200 else { return }
            load.note { acknowledged in
                if let next = answer["refreshToken"] {
                    acknowledged.sessions.append((email, next))
                } else {
                    acknowledged.ended.append(token)
                }
            }
        }
    }

    /// Expects that all acknowledged users exist. If `checkingAll` is `true`, also expects that the issuer refreshes
    /// all sessions except those that a logout ended.
    private func expectEverything(
        _ acknowledged: Acknowledged, at issuer: RunningIssuer, checkingAll: Bool = false
    ) async throws {
        let listed = try await issuer.command(["users", "list", "--json", "--limit", "100000"])
        let users = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]] ?? []
        let emails = Set(users.compactMap { $0["email"] as? String })
        #expect(acknowledged.users.allSatisfy(emails.contains))
        guard checkingAll else { return }
        for session in acknowledged.sessions {
            let person = Person(issuer: issuer, email: session.email, password: "")
            let answer = try await person.refresh(session.refresh)
            #expect(answer.status == 200, "a session of \(session.email) is lost")
        }
        for token in acknowledged.ended {
            let answer = try await HTTPCall.post(issuer.url + "/api/refresh-token", json: ["refreshToken": token])
            #expect(answer.status == 401, "a session that was ended lives again")
        }
    }
}
