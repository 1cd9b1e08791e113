import SignetClient

// A program that imports only SignetClient. It asks for an access token without a login, and prints the error code.

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
