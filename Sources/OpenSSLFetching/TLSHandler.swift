internal import NIOCore

/// Adds client TLS to a channel: encrypts outgoing bytes and decrypts incoming bytes. Starts the handshake when the
/// channel becomes active.
///
/// If the connection closes without the server's `close_notify` alert, the handler reports the error
/// ``FetchFailure/closedEarly``, because an attacker on the network may have cut the response short.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: TLSSession
    private var isEstablished = false
    /// Whether TLS is over: the server sent `close_notify`, an error occurred, or the channel was closed.
    private var hasEnded = false
    /// Writes that are not encrypted yet, because the handshake is not complete or the channel was not flushed.
    private var waiting: [(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)] = []

    init(_ session: TLSSession) { self.session = session }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { advance(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { failWaiting() }

    func channelActive(context: ChannelHandlerContext) {
        advance(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(Array(Self.unwrapInboundIn(data).readableBytesView))
        advance(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failWaiting()
        if !hasEnded {
            hasEnded = true
            context.fireErrorCaught(FetchFailure.closedEarly)
        }
        context.fireChannelInactive()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        waiting.append((Self.unwrapOutboundIn(data), promise))
    }

    func flush(context: ChannelHandlerContext) {
        if context.channel.isActive { advance(context) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if isEstablished && !hasEnded {
            session.end()
            send(context)
        }
        hasEnded = true
        context.close(mode: mode, promise: promise)
    }

    /// Continues the handshake. After the handshake, encrypts the waiting writes and decrypts all received bytes.
    private func advance(_ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        do {
            if !isEstablished { isEstablished = try session.handshake() }
            guard isEstablished else { return send(context) }
            try encryptWaiting(context)
            while !hasEnded {
                switch try session.read() {
                case .bytes(let bytes):
                    context.fireChannelRead(Self.wrapInboundOut(context.channel.allocator.buffer(bytes: bytes)))
                case .incomplete:
                    return send(context)
                case .ended:
                    hasEnded = true
                    context.close(promise: nil)
                }
            }
        } catch {
            hasEnded = true
            // Send the TLS alert that tells the server why the connection failed.
            send(context)
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    private func encryptWaiting(_ context: ChannelHandlerContext) throws(FetchFailure) {
        while !waiting.isEmpty {
            let (bytes, promise) = waiting.removeFirst()
            do {
                try session.write(Array(bytes.readableBytesView))
            } catch {
                promise?.fail(error)
                throw error
            }
            context.write(Self.wrapOutboundOut(output(context)), promise: promise)
        }
        context.flush()
    }

    private func send(_ context: ChannelHandlerContext) {
        let bytes = output(context)
        guard bytes.readableBytes > 0 else { return }
        context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }

    private func output(_ context: ChannelHandlerContext) -> ByteBuffer {
        context.channel.allocator.buffer(bytes: session.takeOutput())
    }

    private func failWaiting() {
        for write in waiting { write.promise?.fail(ChannelError.ioOnClosedChannel) }
        waiting = []
    }
}
