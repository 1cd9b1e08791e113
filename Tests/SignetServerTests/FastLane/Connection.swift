import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import SharedState

@testable import SignetServer

// `Scripts/fuzz` compiles this file into a fuzz target, too.

/// A simulated HTTP/1.1 connection: the real server's channel handlers, with a ``Wire`` in place of the socket.
struct Connection {
    let channel: NIOAsyncTestingChannel
    let wire: Wire

    /// Opens a connection.
    /// - Parameters:
    ///   - fastLane: whether the server has a ``FastLane``, which answers simple requests without Hummingbird.
    ///     Otherwise Hummingbird answers all requests.
    ///   - idleTimeout: the time after which the fast lane closes an idle connection.
    init(
        to exchange: APIExchange, fastLane: Bool, idleTimeout: TimeAmount = .seconds(60),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        channel = NIOAsyncTestingChannel()
        wire = Wire()
        let http1 = HTTP1Channel(
            responder: Self.responder(exchange, logger), configuration: .signet(idleTimeout: nil))
        if fastLane {
            try await open(FastLaneChannel(http1: http1, exchange: exchange, idleTimeout: idleTimeout), logger)
        } else {
            try await open(http1, logger)
        }
    }

    private func open(_ server: some ServerChildChannel, _ logger: Logger) async throws {
        try await channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 4711))
        let (channel, wire) = (channel, wire)
        let value = try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(wire)
            return server.setup(channel: channel, logger: logger)
        }.get()
        Task { await server.handle(value: value, logger: logger) }
        await run { $0.pipeline.read() }
    }

    /// A responder that runs the API and adds a `Date` field with a fixed date. In the real server, Hummingbird's
    /// `Application` adds the field with the current date.
    private static func responder(_ exchange: APIExchange, _ logger: Logger) -> HTTPChannelHandler.Responder {
        let responder = APIResponder(exchange: exchange)
        return { request, writer, channel in
            let context = APIRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            var response = try await responder.respond(to: request, context: context)
            response.headers[.date] = "Thu, 01 Jan 1970 00:00:00 GMT"
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Runs `body` on the event loop of the connection.
    @discardableResult
    func run<Result: Sendable>(_ body: @escaping @Sendable (NIOAsyncTestingChannel) -> Result) async -> Result {
        let channel = channel
        do {
            return try await channel.testingEventLoop.executeInContext { body(channel) }
        } catch {
            fatalError("the event loop of the test does not run: \(error)")
        }
    }

    /// Sends bytes to the server, which receives them in one read, even if the server has stopped reading.
    func send(_ bytes: some Sequence<UInt8>) async {
        let buffer = ByteBuffer(bytes: bytes)
        await run { channel in
            guard channel.isActive else { return }
            channel.pipeline.fireChannelRead(buffer)
            channel.pipeline.fireChannelReadComplete()
            channel.pipeline.read()
        }
    }

    func send(_ text: String) async { await send(text.utf8) }

    /// Closes the client's sending side of the connection.
    func finishSending() async {
        await run { $0.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    }

    /// Sets whether the client receives the bytes that the server sends.
    func setReading(_ isReading: Bool) async {
        let wire = wire
        await run { channel in
            guard let context = try? channel.pipeline.syncOperations.context(handler: wire) else { return }
            wire.setReading(isReading, context)
        }
    }

    /// Sends all chunks, closes the client's sending side, and waits until the server has closed the connection.
    /// - Returns: the server's responses up to the first one with `Connection: close`, each with a fixed date. Later
    ///   responses are left out, because the server need not answer requests after that one (RFC 9112 section 9.6).
    func exchange(_ chunks: [[UInt8]]) async throws -> String {
        for chunk in chunks { await send(chunk) }
        await finishSending()
        try await channel.closeFuture.get()
        let text = text
        guard let close = text.firstRange(of: "Connection: close\r\n"),
            let next = text[close.upperBound...].firstRange(of: "HTTP/1.1 ")
        else { return text }
        return String(text[..<next.lowerBound])
    }

    /// Closes the connection from the server's side. Bytes that the client has not received yet are lost.
    func close() async { try? await channel.close() }

    /// What the client has received, with a fixed date in each response.
    var text: String {
        String(decoding: wire.received, as: UTF8.self).replacing(/Date: [A-Za-z0-9,: ]+/) { _ in "Date: now" }
    }
}
