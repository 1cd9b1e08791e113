import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy that forwards every request to a service. A test decides which answers the proxy drops or cuts.
final class LossyProxy: Sendable {
    /// What the proxy does with an answer.
    enum Fate: Sendable, Hashable {
        case arrives
        /// The proxy sends no byte of the answer and closes the connection.
        case lost
        /// The proxy forwards only the beginning of the answer and then closes the connection. The value is the
        /// fraction to forward, from 0 to 1.
        case cut(after: Double)
        /// The proxy sends no byte of the answer and keeps the connection open.
        case silence
    }

    private let channel: any Channel
    private let plan: Plan

    /// Decides what the proxy does with each answer, and counts the answers that it does not forward completely.
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

    /// Starts a proxy in front of the service at `port`.
    /// - Parameter fate: returns what the proxy does with an answer. The argument is the answer's number, from 0.
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
    /// The number of answers so far that the proxy did not forward completely.
    var lost: Int { plan.state.withLock { $0.lost } }

    func stop() async throws { try await channel.close() }

    /// Forwards bytes in one direction, from the client to the service or back. Assumes that each read contains one
    /// whole request or answer.
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
