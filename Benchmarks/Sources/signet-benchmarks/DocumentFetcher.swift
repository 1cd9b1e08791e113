import SignetVerifier

/// Serves one JWK set from memory.
struct DocumentFetcher: HTTPFetcher {
    let document: [UInt8]

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        HTTPFetchResponse(
            status: 200, headers: [HTTPFetchField("content-type", "application/jwk-set+json")], body: document)
    }
}
