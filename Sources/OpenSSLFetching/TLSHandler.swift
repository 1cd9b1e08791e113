internal import NIOCore

/// Encrypts what a channel sends and decrypts what it receives. Starts the handshake when the channel is active.
///
/// A connection that ends without the server's `close_notify` ends with the error ``FetchFailure/closedEarly``:
/// somebody on the network path may have cut the response.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: TLSSession
    private var isEstablished = false
    /// True after the server's `close_notify`, after a failure, and after the channel was closed from this side.
    private var hasEnded = false
    /// Writes that wait for the end of the handshake.
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

    /// Does everything that the received bytes allow: handshake, waiting writes, decryption.
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
            // Sends the alert that tells the server the reason.
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
