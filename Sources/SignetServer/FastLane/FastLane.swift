import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import SignetAPI

// Code in this folder answers simple HTTP/1.1 requests directly behind NIO's decoder, without Hummingbird's tasks,
// streams and type conversions. It must not know single endpoints: its answers come from the same `API` that
// Hummingbird serves.

/// A channel handler that answers the simple requests of one connection, and passes all other requests on to
/// Hummingbird.
///
/// A request is simple if it is HTTP/1.1, its path and method belong to an endpoint, its body has a known length of at
/// most 16 KiB, and its header fields keep the connection open. Endpoints that never wait are answered on the event
/// loop. For each request to another endpoint, this handler starts a task.
///
/// Answers always leave in the order of the requests:
/// - While Hummingbird has a request to answer, all further requests go to Hummingbird.
/// - While a task computes an answer, or the client does not read its answers, further requests wait in this handler
///   and nothing more is read from the connection.
final class FastLane: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Event {
        case part(HTTPServerRequestPart)
        case error(any Error)
        case inputClosed
    }

    private let exchange: APIExchange
    private let idleTimeout: TimeAmount
    /// The context of NIO's response encoder. Responses are written to this context with their bytes already encoded,
    /// so they bypass the encoder.
    private let encoder: ChannelHandlerContext
    private let logger: Logger
    private var context: ChannelHandlerContext?
    private var peer = ""
    private var encoding = ResponseEncoding()

    /// The request that this handler is receiving and will answer; `nil` between requests, and during a request that
    /// goes to Hummingbird.
    private var request: FastRequest?
    /// The head of ``request``, with its own `Content-Length`.
    private var head: HTTPRequestHead?
    /// The part of the body of ``request`` that has been received; `nil` before the first part.
    private var body: ByteBuffer?
    /// The last request that ``recognize(_:)`` returned, if its head is small. It is used again for a request with the
    /// same head.
    private var last: FastRequest?
    /// When the head of ``request`` was received.
    private var start = NIODeadline.now()
    /// Whether a request part was passed on to Hummingbird, but no `channelReadComplete` after it.
    private var hasPassed = false
    /// Whether the request that is being received goes to Hummingbird.
    private var isPassing = false
    /// The number of requests that Hummingbird has received and not answered yet.
    private var passed = 0
    /// Whether this handler has stopped answering. All further requests go to Hummingbird.
    private var isClosed = false
    /// Whether a task of this handler is computing an answer.
    private var isAnswering = false
    /// Whether the client reads its answers so slowly that the channel's write buffer is above its high-water mark.
    private var isFull = false
    /// The events that were received while they could not be handled (see ``isBlocked``), oldest first.
    private var waiting = CircularBuffer<Event>()
    private var isReadHeld = false
    private var isFlushNeeded = false
    /// NIO's event that asks to close the connection after the unanswered requests; `nil` if none was received, or if
    /// it was passed on to Hummingbird.
    private var quiesce: ChannelShouldQuiesceEvent?
    /// Whether ``resume(_:)`` is running. Prevents recursion: a flush in ``resume(_:)`` can make the channel writable,
    /// and `channelWritabilityChanged` calls ``resume(_:)``.
    private var isResuming = false
    private var lastActivity = NIODeadline.uptimeNanoseconds(0)
    private var idleCheck: Scheduled<Void>?

    init(exchange: APIExchange, idleTimeout: TimeAmount, encoder: ChannelHandlerContext, logger: Logger) {
        self.exchange = exchange
        self.idleTimeout = idleTimeout
        self.encoder = encoder
        self.logger = logger
    }

    // MARK: - The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        peer = context.remoteAddress?.ipAddress ?? ""
        lastActivity = context.eventLoop.now
        checkIdleness(at: lastActivity + idleTimeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        idleCheck?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        idleCheck?.cancel()
        waiting.removeAll()
        request = nil
        isClosed = true
        context.fireChannelInactive()
    }

    private func checkIdleness(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        let lane = NIOLoopBound(self, eventLoop: context.eventLoop)
        idleCheck = context.eventLoop.scheduleTask(deadline: deadline) { lane.value.closeIfIdle() }
    }

    private func closeIfIdle() {
        guard let context, context.channel.isActive else { return }
        // A request that Hummingbird has not answered counts as activity, unless the client does not read its answers.
        let isComputing = isAnswering || passed > 0 && !isPassing && context.channel.isWritable
        let now = context.eventLoop.now
        if !isComputing, now >= lastActivity + idleTimeout {
            context.close(promise: nil)
        } else {
            checkIdleness(at: isComputing ? now + idleTimeout : lastActivity + idleTimeout, context)
        }
    }

    // MARK: - Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = context.eventLoop.now
        receive(.part(unwrapInboundIn(data)), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushIfNeeded()
        quiesceIfDone(context)
        completePassing(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { receive(.error(error), context) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            receive(.inputClosed, context)
        case let event as ChannelShouldQuiesceEvent:
            quiesce = event
            quiesceIfDone(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Whether received events have to wait: an answer is being computed, the client does not read its answers, or
    /// earlier events are waiting.
    private var isBlocked: Bool { isAnswering || isFull || !waiting.isEmpty }

    private func receive(_ event: Event, _ context: ChannelHandlerContext) {
        if isBlocked { waiting.append(event) } else { handle(event, context) }
    }

    private func handle(_ event: Event, _ context: ChannelHandlerContext) {
        switch event {
        case .part(let part): handle(part, context)
        case .error(let error):
            passReceivedPart(context)
            flushIfNeeded()
            context.fireErrorCaught(error)
        case .inputClosed:
            passReceivedPart(context)
            passInputClosed(context)
        }
    }

    private func handle(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            start = lastActivity
            if !isClosed, passed == 0, let request = recognize(head) {
                self.request = request
                self.head = head
            } else {
                pass(head, context)
            }
        case .body(var bytes) where request != nil:
            guard request?.readsBody == true else { break }
            if body == nil { body = bytes } else { body?.writeBuffer(&bytes) }
        case .end where request != nil:
            if let request { answer(request, context) }
        case .body:
            passOn(part, context)
        case .end:
            isPassing = false
            passOn(part, context)
        }
    }

    /// The request with this head, if this handler can answer it; `nil` if Hummingbird must answer it.
    private func recognize(_ head: HTTPRequestHead) -> FastRequest? {
        if let last, last.matches(head) { return last }
        let request = FastRequest(head, for: exchange.api)
        last = request?.isSmall == true ? request : nil
        return request
    }

    func read(context: ChannelHandlerContext) {
        if isBlocked { isReadHeld = true } else { context.read() }
    }

    /// Handles the waiting events in order, until an answer has to be computed or the client does not read its answers.
    /// If all events were handled, passes on the `read` that was held back meanwhile.
    private func resume(_ context: ChannelHandlerContext) {
        guard !isResuming else { return }
        isResuming = true
        defer { isResuming = false }
        while !isAnswering, !isFull, let event = waiting.popFirst() { handle(event, context) }
        flushIfNeeded()
        // Hummingbird handles request parts only after `channelReadComplete`. NIO does not send that event here,
        // because the parts come from ``waiting`` and not from the socket.
        completePassing(context)
        if isReadHeld, !isBlocked {
            isReadHeld = false
            context.read()
        }
        quiesceIfDone(context)
    }

    // MARK: - Passing on

    private func pass(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        passed += 1
        isPassing = true
        // After a request that does not keep the connection open, Hummingbird or NIO may close the connection at any
        // time. So all later requests go to Hummingbird too.
        if !FastRequest.keepsConnection(head) { isClosed = true }
        passOn(.head(head), context)
    }

    /// Passes an incomplete request on to Hummingbird, because an error or the end of the input has interrupted its
    /// body.
    private func passReceivedPart(_ context: ChannelHandlerContext) {
        guard request != nil, let head else { return }
        request = nil
        self.head = nil
        pass(head, context)
        if let body { passOn(.body(body), context) }
        body = nil
    }

    private func passOn(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        hasPassed = true
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Sends `channelReadComplete` to Hummingbird if a request part was passed on since the last one.
    private func completePassing(_ context: ChannelHandlerContext) {
        guard hasPassed else { return }
        hasPassed = false
        context.fireChannelReadComplete()
    }

    /// Tells Hummingbird that the client sends no more requests. Waits until the socket has taken all answers of this
    /// handler, because Hummingbird may then close the connection.
    private func passInputClosed(_ context: ChannelHandlerContext) {
        passWhenSent(ChannelEvent.inputClosed, context)
    }

    /// Passes an event on to Hummingbird as soon as the socket has taken all answers.
    private func passWhenSent(_ event: any Sendable, _ context: ChannelHandlerContext) {
        let lane = NIOLoopBound(self, eventLoop: context.eventLoop)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenSuccess { lane.value.context?.fireUserInboundEventTriggered(event) }
        isFlushNeeded = false
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: sent)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            passed = max(0, passed - 1)
            lastActivity = context.eventLoop.now
        }
        context.write(data, promise: promise)
    }

    // MARK: - Answering

    private func answer(_ request: FastRequest, _ context: ChannelHandlerContext) {
        self.request = nil
        head = nil
        let body = body
        self.body = nil
        if let document = try? request.document?() {
            exchange.count(request.match, status: 200, since: start)
            return send(encoding.bytes(of: document, allocator: context.channel.allocator), context)
        }
        let start = start
        let api = request.apiRequest(body: body, from: exchange.address(peer: peer, request.fields))
        if let response = exchange.api.respondAtOnce(to: api, matching: request.match) {
            return finish(response, request, since: start, context)
        }
        isAnswering = true
        let lane = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (exchange, loop, logger) = (exchange, context.eventLoop, logger)
        Task {
            let response = await exchange.api.respond(to: api, matching: request.match)
            exchange.record(response, of: request.match, since: start, in: logger)
            loop.execute {
                let lane = lane.value
                lane.isAnswering = false
                guard let context = lane.context else { return }
                lane.send(response, context)
                lane.resume(context)
            }
        }
    }

    private func finish(
        _ response: APIResponse, _ request: FastRequest, since start: NIODeadline, _ context: ChannelHandlerContext
    ) {
        exchange.record(response, of: request.match, since: start, in: logger)
        send(response, context)
    }

    private func send(_ response: APIResponse, _ context: ChannelHandlerContext) {
        send(encoding.bytes(of: response, allocator: context.channel.allocator), context)
    }

    private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        encoder.write(NIOAny(IOData.byteBuffer(bytes)), promise: nil)
        lastActivity = context.eventLoop.now
        isFlushNeeded = true
        if !context.channel.isWritable {
            isFull = true
            flushIfNeeded()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isFull {
            isFull = false
            resume(context)
        }
        context.fireChannelWritabilityChanged()
    }

    private func flushIfNeeded() {
        guard isFlushNeeded else { return }
        isFlushNeeded = false
        encoder.flush()
    }

    /// If NIO has asked to close the connection and this handler has answered all its requests, passes NIO's event on
    /// to Hummingbird. Hummingbird closes the connection once it has answered its own requests.
    private func quiesceIfDone(_ context: ChannelHandlerContext) {
        guard let event = quiesce, request == nil, !isBlocked else { return }
        quiesce = nil
        passWhenSent(event, context)
    }
}
