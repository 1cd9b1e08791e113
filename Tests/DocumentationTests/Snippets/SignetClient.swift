// snippet: imports
import SignetClient
import SignetVerifierHTTP

// end

// The Swift code of the documentation page SignetClient.md. This test target only compiles it; SignetClientTests and
// LossyNetworkTests test its behaviour.

// snippet: orders
func orders(of session: UserSession, from service: any HTTPFetcher) async throws -> [UInt8] {
    func request(_ token: String) -> HTTPFetchRequest {
        HTTPFetchRequest(
            url: "https://orders.example.com/orders", headers: [HTTPFetchField("authorization", "Bearer \(token)")],
            timeout: .seconds(10), maximumBodyBytes: 65_536)
    }
    var token = try await session.accessToken()
    var answer = try await service.fetch(request(token))
    if answer.refusesToken {
        token = try await session.accessToken(insteadOf: token)
        answer = try await service.fetch(request(token))
    }
    return answer.body
}
// end

// snippet: session
func session(home: String, email: String, password: String) async throws -> UserSession {
    let session = try UserSession(
        issuer: "https://id.example.com", storage: FileTokenStorage(path: home + "/.orders-tokens"),
        fetcher: HTTPClientFetcher.shared)
    do {
        _ = try await session.accessToken()
    } catch {
        guard [.notLoggedIn, .sessionEnded].contains(error.code) else { throw error }
        try await session.logIn(email: email, password: password, deviceName: "orders command")
    }
    return session
}
// end

// snippet: log in for a service
func logInForOrders(_ session: UserSession, email: String, password: String) async throws {
    try await session.logIn(
        email: email, password: password, audiences: ["https://orders.example.com"], scopes: ["orders:read"])
}
// end

// snippet: logout
func end(_ session: UserSession) async throws {
    do {
        try await session.logOut()
    } catch {
        guard error.code == .unavailable else { throw error }
        // Removes the tokens from this device. The session at the issuer lasts until it expires, or until the user ends
        // it in the list of sessions.
        try await session.forget()
    }
}
// end

// snippet: service
func tokens(secret: String) throws -> ClientCredentialsTokenSource {
    try ClientCredentialsTokenSource(
        issuer: "https://id.example.com", clientID: "4f9c6a1e-6d0f-4a57-9d2c-3a1f0e8b7c55", clientSecret: secret,
        scopes: ["orders:read"], fetcher: HTTPClientFetcher.shared)
}
// end
