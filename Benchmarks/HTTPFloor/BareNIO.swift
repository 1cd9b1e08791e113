import ArgumentParser
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// `http-floor nio`: a SwiftNIO server that decodes each HTTP request and answers it with the same bytes.
struct BareNIO: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nio", abstract: "Answer each request with the bytes of a file: head and body.")

    @Option(help: "Port on 127.0.0.1.") var port: Int
    @Option(help: "File with a complete HTTP/1.1 answer.") var answer: String

    func run() async throws {
        let answer = ByteBuffer(bytes: try Data(contentsOf: URL(filePath: answer)))
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = HTTPRequestDecoder()
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(decoder), SameAnswer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}

private final class SameAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let answer: ByteBuffer

    init(_ answer: ByteBuffer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
