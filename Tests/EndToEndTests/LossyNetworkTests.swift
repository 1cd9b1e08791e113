import SignetClient
import SignetIssuer
import SignetVerifierHTTP
import TestSupport
import Testing

@Suite("A client on a network that loses answers", .timeLimit(.minutes(10)))
struct LossyNetworkTests {
    @Test func `is never logged out, because it repeats each refresh whose answer was lost`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let storage = FileTokenStorage(path: issuer.directory.path("tokens.json"))
        try await UserSession(issuer: issuer.url, storage: storage, fetcher: HTTPClientFetcher.shared)
            .logIn(email: person.email, password: person.password, deviceName: "train")
        let proxy = try await LossyProxy.start(before: issuer.port) { $0 % 2 == 0 ? .lost : .arrives }
        let session = try UserSession(issuer: proxy.url, storage: storage, fetcher: HTTPClientFetcher.shared)

        var seen: Set<String> = []
        var token = try await session.accessToken()
        for _ in 0..<6 {
            seen.insert(token)
            token = try await session.accessToken(insteadOf: token)
        }
        #expect(seen.count == 6 && !seen.contains(token))
        #expect(proxy.lost == 6)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: token).status == 200)
        try await session.logOut()
        #expect(proxy.lost == 7)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: token).status == 401)
        #expect(try storage.load() == nil)
        try await proxy.stop()
    }

    @Test(arguments: [LossyProxy.Fate.cut(after: 0.1), .cut(after: 0.9), .silence])
    func `repeats a refresh whose answer is cut off or never comes`(fate: LossyProxy.Fate) async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let storage = MemoryTokenStorage()
        let direct = try UserSession(issuer: issuer.url, storage: storage, fetcher: HTTPClientFetcher.shared)
        try await direct.logIn(email: person.email, password: person.password)
        let first = try await direct.accessToken()

        let proxy = try await LossyProxy.start(before: issuer.port) { $0 < 2 ? fate : .arrives }
        let session = try UserSession(
            issuer: proxy.url, storage: storage, fetcher: HTTPClientFetcher.shared,
            configuration: .init(timeout: .seconds(1), maximumAttempts: 10))
        let second = try await session.accessToken(insteadOf: first)
        #expect(proxy.lost == 2)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: second).status == 200)
        // The client sent its refresh token three times, because the first two answers did not arrive. The issuer must
        // have rotated the token only once, so the rotation counter (`generation`) is 1.
        #expect(storage.load().flatMap { RefreshToken($0.refreshToken) }?.generation == 1)
        try await proxy.stop()
    }

    @Test func `keeps its session while all answers are lost for some time`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let storage = MemoryTokenStorage()
        let direct = try UserSession(issuer: issuer.url, storage: storage, fetcher: HTTPClientFetcher.shared)
        try await direct.logIn(email: person.email, password: person.password)
        let first = try await direct.accessToken()

        let tunnel = try await LossyProxy.start(before: issuer.port) { _ in .lost }
        let inside = try UserSession(
            issuer: tunnel.url, storage: storage, fetcher: HTTPClientFetcher.shared,
            configuration: .init(maximumAttempts: 2))
        await #expect(throws: ClientError(.unavailable, "")) { try await inside.accessToken(insteadOf: first) }
        #expect(tunnel.lost == 2)
        try await tunnel.stop()

        let later = try await direct.accessToken(insteadOf: first)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: later).status == 200)
    }

    @Test func `refreshes once if several sessions share one token file`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let path = issuer.directory.path("tokens.json")
        let session = try UserSession(
            issuer: issuer.url, storage: FileTokenStorage(path: path), fetcher: HTTPClientFetcher.shared)
        try await session.logIn(email: person.email, password: person.password)
        let rejected = try await session.accessToken()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await UserSession(
                        issuer: issuer.url, storage: FileTokenStorage(path: path),
                        fetcher: HTTPClientFetcher.shared
                    ).accessToken(insteadOf: rejected)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(tokens.count == 1 && !tokens.contains(rejected))
    }

    @Test func `gets the issuer's message for a login without e-mail address and password`() async throws {
        let issuer = try await RunningIssuer.start()
        let session = try UserSession(issuer: issuer.url, fetcher: HTTPClientFetcher.shared)
        let error = await #expect(throws: ClientError.self) { try await session.logIn(email: "", password: "") }
        let answer = try await HTTPCall.post(issuer.url + "/api/login", json: ["email": "", "password": ""])
        #expect(error?.code == .invalidInput)
        #expect(error?.detail == answer["message"] && error?.detail.isEmpty == false)
    }

    @Test func `gets tokens with client credentials, and errors that tell a wrong secret from a wrong scope`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--scope", "orders:read"])
        let proxy = try await LossyProxy.start(before: issuer.port) { $0 % 2 == 0 ? .lost : .arrives }
        let source = try ClientCredentialsTokenSource(
            issuer: proxy.url, clientID: client.id, clientSecret: client.secret, scopes: ["orders:read"],
            fetcher: HTTPClientFetcher.shared)
        let token = try await source.accessToken()
        #expect(try await source.accessToken() == token)
        #expect(proxy.lost == 1)
        let forbidden = try ClientCredentialsTokenSource(
            issuer: issuer.url, clientID: client.id, clientSecret: client.secret, scopes: ["orders:write"],
            fetcher: HTTPClientFetcher.shared)
        await #expect(throws: ClientError(.notPermitted, "")) { try await forbidden.accessToken() }
        let stranger = try ClientCredentialsTokenSource(
            issuer: issuer.url, clientID: client.id, clientSecret: "wrong", fetcher: HTTPClientFetcher.shared)
        await #expect(throws: ClientError(.invalidClient, "")) { try await stranger.accessToken() }
        try await proxy.stop()
    }
}
