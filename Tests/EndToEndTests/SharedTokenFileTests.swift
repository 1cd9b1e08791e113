import Foundation
import SignetClient
import SignetIssuer
import SignetVerifierHTTP
import TestSupport
import Testing

@Suite("Processes that share a token file", .timeLimit(.minutes(10)))
struct SharedTokenFileTests {
    /// A login at a running service, and the file with its access token and refresh token. Several processes share the
    /// file.
    private struct Login {
        let issuer: RunningIssuer
        let storage: FileTokenStorage
        let session: UserSession

        init(settings: [String: String] = [:]) async throws {
            issuer = try await RunningIssuer.start(settings: settings)
            let person = try await Person.register(at: issuer)
            storage = FileTokenStorage(path: issuer.directory.path("tokens.json"))
            session = try UserSession(issuer: issuer.url, storage: storage, fetcher: HTTPClientFetcher.shared)
            try await session.logIn(email: person.email, password: person.password)
        }

        /// Starts the helper program `session-process`, which uses the token file and can inject a fault into its first
        /// save.
        /// - Parameters:
        ///   - fault: a value of `file_fault` in `CDiskFaults.h`: 0 for no fault, 1 for a kill, 3 for a disk error.
        ///   - number: the file-changing system call of that save that gets the fault, counted from 0.
        func process(fault: Int = 0, at number: Int = 0) throws -> RunningCommand {
            try RunningCommand(
                [issuer.url, storage.path, "\(fault)", "\(number)"],
                of: Repository.products.appending(path: "session-process"), beside: issuer)
        }

        /// The number of rotations of the refresh token in the file; `nil` if the file has no usable token.
        var generation: UInt32? {
            get throws { try storage.load().flatMap { RefreshToken($0.refreshToken) }?.generation }
        }

        /// Expects that `token` is valid and that the user has exactly one session.
        func expectGood(_ token: String) async throws {
            let answer = try await HTTPCall.get(issuer.url + "/api/sessions", token: token)
            try #require(answer.status == 200, "\(answer.text)")
            #expect((answer.json["sessions"] as? [Any])?.count == 1)
        }
    }

    @Test func `rotate the refresh token once per round and all see a logout`() async throws {
        let login = try await Login()
        let processes = try (0..<4).map { _ in try login.process() }
        var token = try await login.session.accessToken()
        for round in 1...5 {
            for process in processes { try process.say(token) }
            var answers: Set<String> = []
            for process in processes { answers.insert(await process.line() ?? "no answer") }
            #expect(answers.count == 1)
            let next = try #require(answers.first)
            #expect(next != token)
            try await login.expectGood(next)
            #expect(try login.generation == UInt32(round))
            token = next
        }
        #expect(try await login.session.accessToken() == token)
        try await login.session.logOut()
        for process in processes {
            try process.say("")
            #expect(await process.line() == "notLoggedIn")
        }
    }

    @Test(arguments: ["30s", "0s"])
    func `leave a usable token pair if they are killed while they store one, within the reuse window and after it`(
        reuseWindow: String
    ) async throws {
        let login = try await Login(settings: ["SIGNET_REFRESH_REUSE_WINDOW": reuseWindow])
        var token = try await login.session.accessToken()
        // A save of the token file makes six file-changing system calls. Each round kills a process at another one.
        for number in 0...5 {
            let killed = try login.process(fault: 1, at: number)
            try killed.say(token)
            #expect(await killed.line() == nil && killed.wasKilled())
            let next = try login.process()
            try next.say(token)
            let answer = try #require(await next.line())
            #expect(answer != token)
            try await login.expectGood(answer)
            token = answer
        }
        let survivor = try login.process(fault: 1, at: 6)
        try survivor.say(token)
        #expect(await survivor.line() != nil, "there is another step at which to be killed")
    }

    @Test(arguments: 1...5)
    func `find the old token pair or the new one, never a partial one, after a disk error`(number: Int)
        async throws
    {
        let login = try await Login()
        let token = try await login.session.accessToken()
        let process = try login.process(fault: 3, at: number)
        try process.say(token)
        #expect(await process.line() == "storageFailed")
        let stored = try #require(try login.storage.load())
        // A save of the token file makes six file-changing system calls, numbered from 0. If one of the calls 1 to 4
        // fails, the file keeps the old token pair. When the last call fails, the new pair is in the file already.
        #expect((stored.accessToken == token) == (number < 5))
        try process.say(token)
        let next = try #require(await process.line())
        #expect(next != token)
        #expect(try login.storage.load()?.accessToken == next)
        #expect(try login.generation == 1)
        try await login.expectGood(next)
    }
}
