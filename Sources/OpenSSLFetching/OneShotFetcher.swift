package import HTTPFetching
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// An HTTP/1.1 client that opens a new connection for each request, with SwiftNIO and, for `https`, OpenSSL.
///
/// This client is for commands that send one or two requests and exit. For `https`, OpenSSL checks the server's
/// certificate against the host of the URL and the system's trust store. The environment variables `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` replace the trust store.
///
/// Throws ``FetchFailure`` for every failed request. A malformed URL and a cancelled task have their own errors,
/// `ConfigurationError` and `CancellationError`.
package struct OneShotFetcher: HTTPFetcher {
    /// The path of a PEM file with the trusted certificate authorities; `nil` for the system's trust store.
    private let authorities: String?

    /// Creates a fetcher that uses the system's trust store.
    package init() { authorities = nil }

    /// Creates a fetcher that trusts only the authorities in the PEM file `authorities`.
    init(authorities: String) { self.authorities = authorities }

    package func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        let url = try EndpointURL(request.url, what: "the URL of a request")
        let response = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: HTTPFetchResponse.self)
        let eventLoop = response.futureResult.eventLoop
        let timer = eventLoop.scheduleTask(in: TimeAmount(request.timeout)) {
            response.fail(FetchFailure.timedOut(request.timeout))
        }
        response.futureResult.whenComplete { _ in timer.cancel() }
        let exchange = Exchange(request: request, url: url, response: response)
        return try await withTaskCancellationHandler {
            do {
                // Load the trust store on the thread pool, because reading its files blocks the thread.
                exchange.start(
                    trust: url.isSecure
                        ? try await NIOThreadPool.singleton.runIfActive { [authorities] in
                            try TLSContext(authorities: authorities)
                        } : nil)
            } catch {
                response.fail(error)
            }
            return try await response.futureResult.get()
        } onCancel: {
            response.fail(CancellationError())
        }
    }
}

/// Sends one request over a new connection. Completes the promise `response` with the response or with the first error.
private struct Exchange: Sendable {
    let request: HTTPFetchRequest
    let url: EndpointURL
    let response: EventLoopPromise<HTTPFetchResponse>

    private var host: String { url.authority.host }

    /// Connects to the host and sends the request.
    /// - Parameter trust: the TLS settings for `https`; `nil` for plain `http`.
    func start(trust: TLSContext?) {
        ClientBootstrap(group: response.futureResult.eventLoop)
            .connectTimeout(TimeAmount(request.timeout))
            .connect(host: host, port: url.authority.port ?? (url.isSecure ? 443 : 80))
            .whenComplete { result in
                do {
                    try send(over: try result.get(), trust: trust)
                } catch {
                    fail(error)
                }
            }
    }

    private func send(over channel: any Channel, trust: TLSContext?) throws {
        response.futureResult.whenComplete { _ in channel.close(promise: nil) }
        let pipeline = channel.pipeline.syncOperations
        if let trust { try pipeline.addHandler(TLSHandler(TLSSession(trust, host: host))) }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: request.maximumBodyBytes))
        try pipeline.addHandler(ResponseReceiver(response, fail: fail))
        channel.write(HTTPClientRequestPart.head(head)).whenFailure(fail)
        if !request.body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: request.body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).whenFailure(fail)
    }

    private var head: HTTPRequestHead {
        var fields = HTTPHeaders([("host", url.authority.text), ("connection", "close"), ("user-agent", "signet")])
        for field in request.headers { fields.add(name: field.name, value: field.value) }
        if request.method == .post { fields.replaceOrAdd(name: "content-length", value: "\(request.body.count)") }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: url.requestTarget,
            headers: fields)
    }

    @Sendable private func fail(_ error: any Error) {
        response.fail(
            FetchFailure(error, host: host, limit: request.maximumBodyBytes, timeout: request.timeout))
    }
}

/// The last handler of the channel pipeline. Completes the promise with the response or with an error.
private final class ResponseReceiver: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    private let response: EventLoopPromise<HTTPFetchResponse>
    private let fail: (any Error) -> Void

    init(_ response: EventLoopPromise<HTTPFetchResponse>, fail: @escaping (any Error) -> Void) {
        self.response = response
        self.fail = fail
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let full = Self.unwrapInboundIn(data)
        response.succeed(
            HTTPFetchResponse(
                status: Int(full.head.status.code),
                headers: full.head.headers.map { HTTPFetchField($0.name, $0.value) },
                body: full.body.map { Array($0.readableBytesView) } ?? []))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error) }

    func channelInactive(context: ChannelHandlerContext) { fail(FetchFailure.closedEarly) }
}
