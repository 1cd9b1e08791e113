import SignetClient

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
