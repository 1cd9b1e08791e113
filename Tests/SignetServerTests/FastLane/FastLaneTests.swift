import Logging
import NIOCore
import NIOEmbedded
import PrometheusExposition
import SharedState
import TestSupport
import Testing

@testable import SignetServer

@Suite("Fast lane", .timeLimit(.minutes(5)))
struct FastLaneTests {
    private static let slow = "POST /gate HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
    /// A request with a chunked body. The fast lane does not serve such a request but passes it to Hummingbird.
    private static let slowPassed = "POST /gate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\n\r\n" }

    private static func isClosed(_ connection: Connection) async -> Bool {
        await eventually { !connection.channel.isActive }
    }

    private static func answers(_ connection: Connection) -> Int {
        connection.text.matches(of: /HTTP\/1.1 200 OK/).count
    }

    // MARK: - Back-pressure

    @Test(arguments: [true, false])
    func `a client that does not read its answers costs bounded memory, and gets all of them later`(fastLane: Bool)
        async throws
    {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: fastLane)
        await connection.setReading(false)
        var sent = 0
        while sent < 200 {
            // Send requests until the server stops reading. Hummingbird asks for more bytes in a task, which may take
            // some time. So wait up to 200 ms for Hummingbird to ask.
            guard await eventually(within: .milliseconds(fastLane ? 10 : 200), { connection.wire.isReadWanted }) else {
                break
            }
            await connection.send(String(repeating: Self.get("/document"), count: 10))
            sent += 1
        }
        #expect((1..<20).contains(sent))
        #expect(connection.wire.mostUnsent < 2 * Wire.highWaterMark)
        await connection.setReading(true)
        #expect(await eventually { Self.answers(connection) == 10 * sent })
        #expect(await eventually { connection.wire.isReadWanted })
        await connection.send(Self.get("/now?last"))
        #expect(await eventually { connection.text.hasSuffix("GET /now last -\nfrom 192.0.2.7 \nbody 0 ") })
        await connection.close()
    }

    @Test func `nothing is read while a task computes an answer`() async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: true)
        await connection.send(Self.slow + Self.get("/now"))
        #expect(!connection.wire.isReadWanted)
        #expect(connection.wire.received.isEmpty)
        gate.open()
        #expect(await eventually { Self.answers(connection) == 2 })
        #expect(await eventually { connection.wire.isReadWanted })
        await connection.close()
    }

    @Test func `answers that wait for a task are written without recursion`() async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: true)
        // Each answer of `/large` has 100,000 bytes, more than the high-water mark of the test's socket (64 KiB). So
        // the server must flush each answer before it handles the next request. A flush may start one more flush
        // inside, but the depth must not grow with the number of requests.
        await connection.send(Self.slow + String(repeating: Self.get("/large"), count: 100))
        gate.open()
        #expect(await eventually { Self.answers(connection) == 101 })
        #expect(connection.wire.deepestFlush <= 2)
        await connection.close()
    }

    // MARK: - The end of a connection

    @Test(arguments: [true, false])
    func `a client that has closed its sending side gets the answers that it has not read yet`(fastLane: Bool)
        async throws
    {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: fastLane)
        await connection.setReading(false)
        await connection.send(String(repeating: Self.get("/document"), count: 20))
        await connection.finishSending()
        #expect(await eventually(within: .milliseconds(200)) { !connection.channel.isActive } == false)
        await connection.setReading(true)
        #expect(await Self.isClosed(connection))
        #expect(Self.answers(connection) == 20)
    }

    @Test(arguments: [true, false])
    func `a request that runs when its client closes the sending side is answered`(fastLane: Bool) async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: fastLane)
        await connection.send(Self.slow + Self.get("/now"))
        await connection.finishSending()
        #expect(await eventually { gate.waitingCount == 1 })
        #expect(connection.channel.isActive)
        gate.open()
        #expect(await Self.isClosed(connection))
        #expect(Self.answers(connection) == 2)
    }

    @Test(arguments: [slow, slowPassed], [true, false])
    func `an answer to a client that has gone is counted`(request: String, fastLane: Bool) async throws {
        let gate = Gate()
        let metrics = PrometheusRegistry()
        let exchange = APIExchange(EchoAPI.api(gate: gate.pass), metrics: metrics)
        let connection = try await Connection(to: exchange, fastLane: fastLane)
        await connection.send(request + Self.get("/now"))
        #expect(await eventually { gate.waitingCount == 1 })
        await connection.close()
        gate.open()
        let line = #"signet_http_requests_total{method="POST",route="/gate",status="200"} 1"#
        #expect(await eventually { metrics.text().contains(line) }, "\(metrics.text())")
    }

    @Test func `a closed connection keeps nothing in memory`() async throws {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: true)
        await connection.send(Self.get("/now"))
        let lane = WeakLane()
        await connection.run { channel in lane.lane = try? channel.pipeline.syncOperations.handler(type: FastLane.self)
        }
        #expect(lane.lane != nil)
        await connection.close()
        #expect(await eventually { lane.lane == nil })
    }

    @Test func `Hummingbird goes on if the lane is removed while a task runs`() async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: true)
        await connection.send(Self.slow + Self.get("/now"))
        #expect(await eventually { gate.waitingCount == 1 })
        await connection.run { channel in
            guard let lane = try? channel.pipeline.syncOperations.handler(type: FastLane.self) else { return }
            _ = channel.pipeline.syncOperations.removeHandler(lane)
        }
        gate.open()
        await connection.send(Self.get("/now?after"))
        #expect(await eventually { connection.text.contains("GET /now after") })
        await connection.close()
    }

    // MARK: - Requests of both kinds on one connection

    /// The fast lane answers the first request in a task. The second request comes in the same packet, and only
    /// Hummingbird can answer it. The client sends nothing more, so the end of the task must pass the second request
    /// on.
    @Test(
        arguments: [
            get("/unknown"), slowPassed, "OPTIONS /now HTTP/1.1\r\n\r\n",
            "GET /now HTTP/1.1\r\nConnection: close\r\n\r\n",
        ], [true, false])
    func `a request that only Hummingbird serves is answered behind one that takes time`(
        second: String, fastLane: Bool
    ) async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: fastLane)
        await connection.send(Self.slow + second)
        #expect(await eventually { gate.waitingCount == 1 })
        gate.open()
        #expect(await eventually { connection.text.matches(of: /HTTP\/1.1 [2-5]/).count == 2 }, "\(connection.text)")
        await connection.close()
    }

    /// If a request head equals the last one, the fast lane reuses the parsed form of the last one. It must compare the
    /// bytes of the heads, because Swift's `String` treats U+212A (the Kelvin sign) and K as equal.
    @Test func `a head with other bytes is not taken for the last one`() async throws {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: true)
        for agent in ["K", "\u{212A}", "caf\u{E9}", "cafe\u{301}"] {
            await connection.send("GET /now HTTP/1.1\r\nUser-Agent: \(agent)\r\n\r\n")
            #expect(await eventually { connection.text.utf8.contains(Array(agent.utf8)) }, "\(agent)")
        }
        await connection.close()
    }

    /// The fast lane also reuses the parsed form of a head whose `Content-Length` alone differs.
    @Test func `bodies of different lengths behind the same head are all read in full`() async throws {
        var texts: [String] = []
        for fastLane in [true, false] {
            let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: fastLane)
            for length in [1, 300, 0, 16 * 1024 - 8, 7, 16 * 1024] {
                let body = String(repeating: "x", count: length) + "end\(length)"
                await connection.send("POST /now HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                let answer = length < 16 * 1024 ? "end\(length)" : "HTTP/1.1 413"
                #expect(await eventually { connection.text.contains(answer) }, "\(length)")
            }
            await connection.send("POST /now HTTP/1.1\r\nContent-Length: 8\r\n\r\nhalf")
            await connection.close()
            texts.append(connection.text.replacing(#/Date: [A-Za-z0-9,: ]+/#, with: "Date: now"))
        }
        #expect(texts[0] == texts[1])
    }

    // MARK: - Shutdown

    private static func quiesce(_ connection: Connection) async {
        await connection.run { $0.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    @Test(arguments: [slow, slowPassed], [true, false])
    func `at shutdown, a running request is answered before the connection closes`(request: String, fastLane: Bool)
        async throws
    {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: fastLane)
        await connection.send(request)
        #expect(await eventually { gate.waitingCount == 1 })
        await Self.quiesce(connection)
        #expect(connection.channel.isActive)
        gate.open()
        #expect(await Self.isClosed(connection))
        #expect(Self.answers(connection) == 1)
    }

    @Test(arguments: ["Content-Length: 4\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n4\r\nab"], [true, false])
    func `at shutdown, a request whose body is incomplete is received and answered`(rest: String, fastLane: Bool)
        async throws
    {
        for path in ["/now", "/later"] {
            let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: fastLane)
            await connection.send("POST \(path) HTTP/1.1\r\n" + rest)
            await Self.quiesce(connection)
            #expect(connection.channel.isActive)
            await connection.send(rest.hasPrefix("C") ? "cd" : "cd\r\n0\r\n\r\n")
            #expect(await Self.isClosed(connection), "\(path)")
            #expect(Self.answers(connection) == 1)
        }
    }

    @Test(arguments: [true, false])
    func `at shutdown, a connection without a request closes at once`(fastLane: Bool) async throws {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: fastLane)
        await connection.send(Self.get("/now"))
        #expect(await eventually { Self.answers(connection) == 1 })
        await Self.quiesce(connection)
        #expect(await Self.isClosed(connection))
    }

    // MARK: - Idle connections

    private static func advance(_ connection: Connection, seconds: Int64) async {
        await connection.channel.testingEventLoop.advanceTime(by: .seconds(seconds))
    }

    @Test(arguments: [
        "", "POST /now HTTP/1.1\r\nContent-Length: 4\r\n\r\nab", slowPassed.replacing("0\r\n\r\n", with: ""),
    ])
    func `a connection closes after the idle time, even if a request is incomplete`(start: String) async throws {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: true)
        await Self.advance(connection, seconds: 50)
        await connection.send(Self.get("/now") + start)
        #expect(Self.answers(connection) == 1)
        await Self.advance(connection, seconds: 59)
        #expect(connection.channel.isActive)
        await Self.advance(connection, seconds: 1)
        #expect(await Self.isClosed(connection))
    }

    @Test func `a request head that arrives slowly does not extend the idle time`() async throws {
        let connection = try await Connection(to: APIExchange(EchoAPI.api()), fastLane: true)
        await connection.send("GET /now HTTP/1.1\r\n")
        for _ in 0..<5 {
            await Self.advance(connection, seconds: 10)
            await connection.send("X-A: b\r\n")
        }
        #expect(connection.channel.isActive)
        await Self.advance(connection, seconds: 10)
        #expect(await Self.isClosed(connection))
    }

    @Test(arguments: [slow, slowPassed])
    func `a connection whose request is running does not close, and the idle time starts with the answer`(
        request: String
    ) async throws {
        let gate = Gate()
        let connection = try await Connection(to: APIExchange(EchoAPI.api(gate: gate.pass)), fastLane: true)
        await connection.send(request)
        #expect(await eventually { gate.waitingCount == 1 })
        await Self.advance(connection, seconds: 600)
        #expect(connection.channel.isActive)
        gate.open()
        #expect(await eventually { Self.answers(connection) == 1 })
        await Self.advance(connection, seconds: 59)
        #expect(connection.channel.isActive)
        await Self.advance(connection, seconds: 1)
        #expect(await Self.isClosed(connection))
    }
}

/// Refers weakly to a `FastLane`, so that a test can check that the lane is deallocated.
private final class WeakLane: @unchecked Sendable {
    // `@unchecked Sendable` is safe: a test writes the reference once, before it reads it.
    weak var lane: FastLane?
}

/// Holds back answers in a test: `POST /gate` calls ``pass()`` before it answers, and waits there until the test calls
/// `open()`.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Guarded(State())

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits until the gate is open.
    @Sendable
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
