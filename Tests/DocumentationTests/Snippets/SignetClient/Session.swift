import SignetClient
import SignetVerifierHTTP

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
