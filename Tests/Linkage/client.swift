import SignetClient

// A program that uses SignetClient alone. It asks for a token without a login and prints the code of the error.

struct Offline: HTTPFetcher {
    struct Unreachable: Error {}
    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse { throw Unreachable() }
}

let session = try UserSession(issuer: "https://issuer.test", storage: MemoryTokenStorage(), fetcher: Offline())
do throws(ClientError) {
    print(try await session.accessToken())
} catch {
    print(error.code)
}
