import NIOCore
import NIOHTTP1
import NIOPosix
import SharedState
import SignetVerifier

/// An HTTP server on a loopback port. It answers each path as the test says and records the requests.
final class LocalServer: Sendable {
    struct Answer: Sendable {
        var status: HTTPResponseStatus = .ok
        var headers: [(String, String)] = []
        /// The response body, sent in these chunks. The response has no Content-Length, so that the client under test
        /// has to count the bytes itself.
        var chunks: [[UInt8]] = []
        /// Whether the server never ends the response after it has sent the chunks.
        var isEndless = false
    }

    struct Received: Sendable {
        var method: String
        var headers: [String: String]
        var body: [UInt8]
    }

    private let answers: [String: Answer]
    private let log = Guarded<[String: Received]>([:])
    private let channel: any Channel

    static func start(_ answers: [String: Answer]) async throws -> LocalServer {
        let registry = Registry()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(registry))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LocalServer(answers, channel: channel)
        registry.server.withLock { $0 = server }
        return server
    }

    private init(_ answers: [String: Answer], channel: any Channel) {
        self.answers = answers
        self.channel = channel
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    func received(_ path: String) -> Received? { log.withLock { $0[path] } }

    func stop() async throws { try await channel.close() }

    private final class Registry: Sendable {
        let server = Guarded<LocalServer?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let registry: Registry
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ registry: Registry) { self.registry = registry }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end: respond(context)
            }
        }

        private func respond(_ context: ChannelHandlerContext) {
            guard let head, let server = registry.server.withLock({ $0 }) else { return }
            let fields = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let received = Received(method: head.method.rawValue, headers: fields, body: body)
            server.log.withLock { $0[head.uri] = received }
            body = []
            let answer = server.answers[head.uri] ?? Answer(status: .notFound)
            let headers = HTTPHeaders(answer.headers + (answer.isEndless ? [] : [("connection", "close")]))
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
                promise: nil)
            for chunk in answer.chunks {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: chunk)))), promise: nil)
            }
            if answer.isEndless {
                context.flush()
            } else {
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
