import NIOCore
import NIOPosix
import SharedState

/// A TCP server on 127.0.0.1 that sends the same bytes over each connection, as soon as it receives anything.
final class RawServer: Sendable {
    /// What the server does after it has sent its bytes.
    enum End: Sendable { case close, keepOpen }

    private let channel: any Channel
    private let log: Guarded<[UInt8]>

    static func start(sending answer: String, then end: End) async throws -> RawServer {
        let log = Guarded<[UInt8]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer: answer, end: end, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawServer(channel, log)
    }

    private init(_ channel: any Channel, _ log: Guarded<[UInt8]>) {
        self.channel = channel
        self.log = log
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// All bytes that the server has received, as text.
    var received: String { String(decoding: log.withLock { $0 }, as: UTF8.self) }

    func stop() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String
        private let end: End
        private let log: Guarded<[UInt8]>
        private var hasAnswered = false

        init(answer: String, end: End, log: Guarded<[UInt8]>) {
            self.answer = answer
            self.end = end
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(Self.unwrapInboundIn(data).readableBytesView)
            log.withLock { $0 += bytes }
            guard !hasAnswered else { return }
            hasAnswered = true
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            if case .close = end { context.close(promise: nil) }
        }
    }
}
