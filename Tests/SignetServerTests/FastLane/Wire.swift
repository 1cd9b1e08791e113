import NIOCore
import NIOEmbedded
import SharedState

/// A channel handler that simulates the socket of a connection. It is the first handler of the pipeline.
///
/// A simulated client receives the bytes that the server flushes, unless ``setReading(_:_:)`` stops the client. If more
/// than ``highWaterMark`` bytes are unsent, the channel is not writable.
final class Wire: ChannelDuplexHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The number of unsent bytes above which the channel is not writable.
    static let highWaterMark = 64 * 1024

    private struct State {
        var received: [UInt8] = []
        var unsent: [(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
        var unsentCount = 0
        var mostUnsent = 0
        var isReading = true
        /// Whether the server asked to close its sending side. The connection closes when all bytes are sent.
        var isFinishing = false
        /// Whether the server has asked for bytes and has not received any since.
        var isReadWanted = false
        var flushDepth = 0
        var deepestFlush = 0
    }

    private let state = Guarded(State())

    /// The bytes that the client has received.
    var received: [UInt8] { state.withLock { $0.received } }
    /// The largest number of bytes, at any time, that the server had written and the client had not received.
    var mostUnsent: Int { state.withLock { $0.mostUnsent } }
    /// The largest number of nested flushes: 1 if no flush started inside another flush.
    var deepestFlush: Int { state.withLock { $0.deepestFlush } }
    /// Whether the server has asked for bytes and has not received any since.
    var isReadWanted: Bool { state.withLock { $0.isReadWanted } }

    /// Lets the simulated client receive bytes if `isReading` is `true`. Otherwise the client stops receiving.
    func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
        state.withLock { $0.isReading = isReading }
        if isReading { flush(context: context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        state.withLock { $0.isReadWanted = false }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        state.withLock { $0.isReadWanted = true }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(let bytes) = unwrapOutboundIn(data) else { fatalError("the server sends no files") }
        let isFull = state.withLock { state in
            state.unsent.append((bytes, promise))
            state.unsentCount += bytes.readableBytes
            state.mostUnsent = max(state.mostUnsent, state.unsentCount)
            return state.unsentCount > Self.highWaterMark
        }
        if isFull { setWritable(false, context) }
    }

    func flush(context: ChannelHandlerContext) {
        let sent = state.withLock { state -> [EventLoopPromise<Void>?] in
            guard state.isReading else { return [] }
            state.flushDepth += 1
            state.deepestFlush = max(state.deepestFlush, state.flushDepth)
            for (bytes, _) in state.unsent { state.received += Array(bytes.readableBytesView) }
            defer {
                state.unsent = []
                state.unsentCount = 0
            }
            return state.unsent.map(\.promise)
        }
        guard state.withLock({ $0.isReading }) else { return }
        for promise in sent { promise?.succeed() }
        setWritable(true, context)
        let isFinished = state.withLock { state in
            state.flushDepth -= 1
            return state.isFinishing && state.unsent.isEmpty
        }
        // The simulated client closes the connection as soon as the server has closed its sending side.
        if isFinished { context.close(promise: nil) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .all:
            let dropped = state.withLock { state in
                defer { state.unsent = [] }
                return state.unsent.map(\.promise)
            }
            for promise in dropped { promise?.fail(ChannelError.ioOnClosedChannel) }
            context.close(promise: promise)
        case .output:
            let isSent = state.withLock { state in
                state.isFinishing = true
                return state.unsent.isEmpty
            }
            promise?.succeed()
            if isSent { context.close(promise: nil) }
        case .input:
            promise?.succeed()
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func setWritable(_ isWritable: Bool, _ context: ChannelHandlerContext) {
        guard let channel = context.channel as? NIOAsyncTestingChannel, channel.isWritable != isWritable else { return }
        channel.isWritable = isWritable
        context.fireChannelWritabilityChanged()
    }
}
