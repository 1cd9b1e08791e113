internal import AsyncHTTPClient
public import HTTPFetching
internal import NIOCore
internal import NIOHTTP1

/// Fetches keys, metadata and introspection answers over AsyncHTTPClient.
///
/// Redirects are not followed, bodies are cut off at the request's bound while they stream in, answers are not
/// decompressed, and certificates are checked as the system does.
public final class HTTPClientFetcher: HTTPFetcher {
    /// One for the whole process, never shut down. The usual choice.
    public static let shared = HTTPClientFetcher()

    private let client: HTTPClient

    /// A fetcher with a client of its own, on the process's shared event loops. ``shutdown()`` must be called.
    public init() {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .disabled
        configuration.timeout.connect = .seconds(5)
        // Whoever asks has a plan for failures, and it is not to wait until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections. No fetch may follow.
    public func shutdown() async throws { try await client.shutdown() }

    public func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        // The client's own deadline ends with the header; a body that trickles in would outlive it.
        try await withThrowingTaskGroup(of: HTTPFetchResponse.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.exchange(request) }
            group.addTask {
                try await Task.sleep(for: request.timeout)
                throw TimedOut()
            }
            while let response = try await group.next() { return response }
            throw TimedOut()
        }
    }

    /// The whole answer was not there in time.
    public struct TimedOut: Error {}

    private func exchange(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name, value: field.value) }
        outgoing.headers.add(name: "user-agent", value: "signet-verifier")
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        let answer = try await client.execute(outgoing, timeout: TimeAmount(request.timeout))
        let body = try await answer.body.collect(upTo: request.maximumBodyBytes)
        return HTTPFetchResponse(
            status: Int(answer.status.code), headers: answer.headers.map { HTTPFetchField($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }
}
