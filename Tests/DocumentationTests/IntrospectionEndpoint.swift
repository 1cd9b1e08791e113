import SignetVerifier
import Synchronization

/// A fetcher that acts as an introspection endpoint and always returns the same answer.
final class IntrospectionEndpoint: HTTPFetcher {
    private let answer: String
    private let count = Mutex(0)

    init(answer: String) { self.answer = answer }

    var requestCount: Int { count.withLock { $0 } }

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        count.withLock { $0 += 1 }
        return HTTPFetchResponse(status: 200, body: Array(answer.utf8))
    }
}
