import NIOCore
import NIOPosix

/// A TCP proxy that acts as an attacker who truncates a TLS 1.2 response. When the server sends a TLS alert, such as
/// `close_notify`, the proxy closes the client's connection instead of forwarding the alert.
final class CuttingProxy: Sendable {
    private let channel: any Channel

    static func start(to port: Int) async throws -> CuttingProxy {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                // Both channels use the same event loop, so their handlers may call each other directly. The client's
                // channel reads nothing until the returned future completes.
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in
                        server.eventLoop.makeCompletedFuture {
                            try server.pipeline.syncOperations.addHandler(Forward(to: client, cutsAtAlert: true))
                        }
                    }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Forward(to: server, cutsAtAlert: false))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return CuttingProxy(channel)
    }

    private init(_ channel: any Channel) { self.channel = channel }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() async throws { try await channel.close() }

    private final class Forward: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let cutsAtAlert: Bool
        private var rest = ByteBuffer()

        init(to other: any Channel, cutsAtAlert: Bool) {
            self.other = other
            self.cutsAtAlert = cutsAtAlert
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = Self.unwrapInboundIn(data)
            rest.writeBuffer(&bytes)
            guard cutsAtAlert else {
                other.writeAndFlush(rest, promise: nil)
                rest = ByteBuffer()
                return
            }
            // A TLS record consists of a type (1 byte), a version (2 bytes), a length (2 bytes) and the content (RFC
            // 5246 section 6.2.1). A record of type 21 is an alert.
            while let type = rest.getInteger(at: rest.readerIndex, as: UInt8.self),
                let length = rest.getInteger(at: rest.readerIndex + 3, as: UInt16.self),
                let record = rest.readSlice(length: 5 + Int(length))
            {
                guard type != 21 else { return other.close(promise: nil) }
                other.writeAndFlush(record, promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    }
}
