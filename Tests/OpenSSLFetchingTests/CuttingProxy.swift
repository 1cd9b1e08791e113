import NIOCore
import NIOPosix

/// A TCP proxy that closes the client's connection instead of forwarding an alert record of TLS 1.2 from the server, as
/// somebody on the network path could do who cuts a response.
final class CuttingProxy: Sendable {
    private let channel: any Channel

    static func start(to port: Int) async throws -> CuttingProxy {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                // Both channels share an event loop, so that each may write to the other without a hop. The client's
                // channel reads nothing before this function's future completes.
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
            // A TLS record is its type, its version (2 bytes), its length (2 bytes) and the content (RFC 5246 section
            // 6.2.1). The type 21 is an alert.
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
