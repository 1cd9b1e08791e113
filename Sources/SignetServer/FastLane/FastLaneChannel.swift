import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 connection whose requests reach a ``FastLane`` first. The fast lane answers simple requests itself and
/// passes the others on to Hummingbird.
struct FastLaneChannel: ServerChildChannel {
    let http1: HTTP1Channel
    let exchange: APIExchange
    /// How long a connection may be idle before it is closed.
    let idleTimeout: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http1.setup(channel: channel, logger: logger).flatMapThrowing { value in
            // Put the fast lane directly behind NIO's HTTP decoder, before the handlers that translate requests into
            // Hummingbird's types.
            let pipeline = channel.pipeline.syncOperations
            // Read the socket once each time it becomes readable. Requests are small, so a second read would usually
            // find nothing.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let lane = FastLane(exchange: exchange, idleTimeout: idleTimeout, encoder: encoder, logger: logger)
            try pipeline.addHandler(lane, position: .after(decoder.handler))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http1.handle(value: value, logger: logger)
    }
}
