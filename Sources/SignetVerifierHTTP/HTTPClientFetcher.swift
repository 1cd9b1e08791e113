// Implements `HTTPFetcher` with AsyncHTTPClient. The callers of the fetcher do the caching and the retries.

public import AsyncHTTPClient
public import HTTPFetching
internal import NIOCore
internal import NIOHTTP1

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Fetches keys, metadata, status lists and introspection answers over AsyncHTTPClient.
///
/// The fetcher follows no redirects, decompresses nothing, and stops reading a body at the request's limit. It checks
/// certificates against the system's trust store, unless the client's TLS configuration has other trust roots.
public final class HTTPClientFetcher: HTTPFetcher {
    /// A fetcher with the default settings, which suit most services. It lives as long as the process and must not be
    /// shut down.
    public static let shared = HTTPClientFetcher()

    private let client: HTTPClient
    private let userAgent: String
    /// Whether the fetcher created ``client`` itself, so that ``shutdown()`` must shut the client down.
    private let ownsClient: Bool

    /// Creates a fetcher with its own client on the process's shared event loops. Call ``shutdown()`` when done.
    ///
    /// - Parameters:
    ///   - configuration: The settings of the client, for example a `proxy` or trust roots in `tlsConfiguration`. `nil`
    ///     for the default settings with a connect timeout of 5 seconds. Redirects and decompression are always turned
    ///     off.
    ///   - userAgent: The value of `User-Agent`.
    public init(
        configuration: HTTPClient.Configuration? = nil, userAgent: String = "signet-verifier"
    ) {
        var configuration = configuration ?? HTTPClient.Configuration(timeout: .init(connect: .seconds(5)))
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        // Turn off the client's own retries. The verifier reports a failed connection at once, and retries later by its
        // own schedule.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        ownsClient = true
        self.userAgent = userAgent
    }

    /// Creates a fetcher that uses the application's client, with the client's trust roots, proxy and connections.
    ///
    /// - Parameters:
    ///   - client: Sends the requests. The client must not follow redirects; otherwise a redirected request throws
    ///     ``Redirected``. ``shutdown()`` does not shut the client down.
    ///   - userAgent: The value of `User-Agent`.
    public init(client: HTTPClient, userAgent: String = "signet-verifier") {
        self.client = client
        self.userAgent = userAgent
        ownsClient = false
    }

    /// Closes all connections of the fetcher's own client. The fetcher cannot be used afterwards. Does nothing if the
    /// application passed the client.
    public func shutdown() async throws {
        if ownsClient { try await client.shutdown() }
    }

    public func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        // Run a timer beside the request. The deadline of AsyncHTTPClient ends with the response head, so a slow body
        // could take forever.
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

    /// The error for a response that did not arrive completely within the request's timeout.
    public struct TimedOut: Error, CustomStringConvertible {
        public var description: String { "no complete response in time" }
    }

    /// The error for a failed connection, for example because no server listens at the address.
    public struct ConnectionFailed: Error, CustomStringConvertible {
        /// The system's error text, for example `Connection refused`.
        public let description: String

        init(_ error: IOError) { description = unsafe String(cString: strerror(error.errnoCode)) }
    }

    /// The error for a request whose redirect the application's client followed. The response is not used, because a
    /// redirect could lead to keys of another issuer.
    public struct Redirected: Error, CustomStringConvertible {
        public var description: String {
            "the HTTP client followed a redirect: create it with redirectConfiguration: .disallow"
        }
    }

    private func exchange(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name, value: field.value) }
        outgoing.headers.add(name: "user-agent", value: userAgent)
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        let answer: HTTPClientResponse
        do {
            answer = try await client.execute(outgoing, timeout: TimeAmount(request.timeout))
        } catch let error as IOError {
            throw ConnectionFailed(error)
        }
        guard answer.history.count <= 1 else { throw Redirected() }
        let body = try await answer.body.collect(upTo: request.maximumBodyBytes)
        return HTTPFetchResponse(
            status: Int(answer.status.code), headers: answer.headers.map { HTTPFetchField($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }
}
