import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy in front of a service that lets every request through and loses the answers it is told to: the
/// connection ends where the first byte would have come.
final class LossyProxy: Sendable {
    private let channel: any Channel
    private let plan: Plan

    /// Which answers to lose, and how many were lost.
    private final class Plan: Sendable {
        let state: Mutex<(answers: Int, lost: Int)> = Mutex((0, 0))
        let loses: @Sendable (Int) -> Bool

        init(_ loses: @escaping @Sendable (Int) -> Bool) { self.loses = loses }

        func losesNext() -> Bool {
            state.withLock { state in
                let isLost = loses(state.answers)
                state.answers += 1
                if isLost { state.lost += 1 }
                return isLost
            }
        }
    }

    /// - Parameter loses: whether the answer with this number, counted from 0, is lost.
    static func start(before port: Int, loses: @escaping @Sendable (Int) -> Bool) async throws -> LossyProxy {
        let plan = Plan(loses)
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port).flatMap { service in
                    client.eventLoop.makeCompletedFuture {
                        try client.pipeline.syncOperations.addHandler(Forwarding(to: service, losing: nil))
                        try service.pipeline.syncOperations.addHandler(Forwarding(to: client, losing: plan))
                    }.flatMap { client.setOption(.autoRead, value: true) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LossyProxy(channel, plan)
    }

    private init(_ channel: any Channel, _ plan: Plan) {
        self.channel = channel
        self.plan = plan
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    /// How many answers were lost so far.
    var lost: Int { plan.state.withLock { $0.lost } }

    func stop() async throws { try await channel.close() }

    /// Writes what one side says to the other. Requests here are answered one by one and in one piece.
    private final class Forwarding: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let other: any Channel
        private let plan: Plan?

        init(to other: any Channel, losing plan: Plan?) {
            self.other = other
            self.plan = plan
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if let plan, plan.losesNext() {
                other.close(promise: nil)
                context.close(promise: nil)
            } else {
                other.writeAndFlush(unwrapInboundIn(data), promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
