import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy in front of a service that lets every request through and loses the answers it is told to.
final class LossyProxy: Sendable {
    /// What becomes of an answer.
    enum Fate: Sendable, Hashable {
        case arrives
        /// The connection ends where the first byte would have come.
        case lost
        /// The connection ends after this part of the answer, 0 … 1.
        case cut(after: Double)
        /// Nothing comes, and the connection stays open for as long as the client wants.
        case silence
    }

    private let channel: any Channel
    private let plan: Plan

    /// What becomes of which answer, and how many did not arrive.
    private final class Plan: Sendable {
        let state: Mutex<(answers: Int, lost: Int)> = Mutex((0, 0))
        let fate: @Sendable (Int) -> Fate

        init(_ fate: @escaping @Sendable (Int) -> Fate) { self.fate = fate }

        func next() -> Fate {
            state.withLock { state in
                let next = fate(state.answers)
                state.answers += 1
                if next != .arrives { state.lost += 1 }
                return next
            }
        }
    }

    /// - Parameter fate: what becomes of the answer with this number, counted from 0.
    static func start(before port: Int, fate: @escaping @Sendable (Int) -> Fate) async throws -> LossyProxy {
        let plan = Plan(fate)
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port).flatMap { service in
                    client.eventLoop.makeCompletedFuture {
                        try client.pipeline.syncOperations.addHandler(Forwarding(to: service, by: nil))
                        try service.pipeline.syncOperations.addHandler(Forwarding(to: client, by: plan))
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
    /// How many answers did not arrive, or not whole, so far.
    var lost: Int { plan.state.withLock { $0.lost } }

    func stop() async throws { try await channel.close() }

    /// Writes what one side says to the other. Requests here are answered one by one and in one piece.
    private final class Forwarding: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let other: any Channel
        private let plan: Plan?

        init(to other: any Channel, by plan: Plan?) {
            self.other = other
            self.plan = plan
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            switch plan?.next() ?? .arrives {
            case .arrives: other.writeAndFlush(buffer, promise: nil)
            case .lost:
                other.close(promise: nil)
                context.close(promise: nil)
            case .cut(let part):
                let beginning = buffer.readSlice(length: Int(Double(buffer.readableBytes) * part))
                other.writeAndFlush(beginning, promise: nil)
                other.close(promise: nil)
                context.close(promise: nil)
            case .silence: break
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
