import SignetClient
import SignetTesting
import Testing

@Test func `an app keeps its session when answers get lost`() async throws {
    let issuer = try TestIssuer()
    issuer.addUser(email: "ada@example.com", password: "secret", id: "ada")
    let session = try UserSession(
        issuer: issuer.issuer, fetcher: issuer, environment: ClientEnvironment(sleep: { _ in }))
    #expect(try await session.logIn(email: "ada@example.com", password: "secret").id == "ada")
    let token = try await session.accessToken()
    issuer.loseAnswers(2)
    #expect(try await session.accessToken(insteadOf: token) != token)
}
