import TestSupport
import Testing

@testable import SignetServer

@Suite("Both lanes of a connection", .timeLimit(.minutes(5)))
struct LaneEqualityTests {
    private static let exchange = APIExchange(EchoAPI.api())

    private static func answer(_ chunks: [[UInt8]], fastLane: Bool) async throws -> String {
        try await Connection(to: exchange, fastLane: fastLane).exchange(chunks)
    }

    @Test func `answer every request with the same bytes`() async throws {
        for request in RawRequests.all {
            let expected = try await Self.answer([request], fastLane: false)
            let answer = try await Self.answer([request], fastLane: true)
            #expect(answer == expected, "\(String(decoding: request.prefix(300), as: UTF8.self).debugDescription)")
        }
    }

    @Test func `answer every request with the same bytes if it arrives in pieces`() async throws {
        var random = SeededGenerator(seed: 1)
        for request in RawRequests.all {
            let expected = try await Self.answer([request], fastLane: false)
            let chunks = Chunks.split(request, into: 12, using: &random)
            for fastLane in [true, false] {
                #expect(
                    try await Self.answer(chunks, fastLane: fastLane) == expected,
                    "\(chunks.map { String(decoding: $0.prefix(300), as: UTF8.self) }), lane \(fastLane)")
            }
        }
    }

    @Test func `answer any sequence of requests in order`() async throws {
        var random = SeededGenerator(seed: 2)
        let kinds: [(Int) -> String] = [
            { "GET /now?n=\($0) HTTP/1.1\r\n\r\n" }, { "GET /later?n=\($0) HTTP/1.1\r\n\r\n" },
            { "GET /either/now?n=\($0) HTTP/1.1\r\n\r\n" }, { "GET /either/later?n=\($0) HTTP/1.1\r\n\r\n" },
            { "POST /now?n=\($0) HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" },
            { "POST /later?n=\($0) HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" },
            { "POST /now?n=\($0) HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        ]
        for _ in 0..<50 {
            let order = (0..<30).map { _ in Int.random(in: 0..<kinds.count, using: &random) }
            let request = order.enumerated().map { kinds[$1]($0) }.joined()
            let chunks = Chunks.split(Array(request.utf8), into: 1 + order[0] * 3, using: &random)
            for fastLane in [true, false] {
                let answer = try await Self.answer(chunks, fastLane: fastLane)
                let numbers = answer.matches(of: #/ n=([0-9]+) /#).compactMap { Int($0.1) }
                #expect(numbers == Array(0..<30), "\(order), lane \(fastLane)")
            }
        }
    }

    @Test func `answer mutated requests with the same bytes`() async throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<1500 {
            let request = Self.mutated(using: &random)
            let chunks = Chunks.split(request, into: Int.random(in: 1...6, using: &random), using: &random)
            let expected = try await Self.answer([request], fastLane: false)
            let answer = try await Self.answer(chunks, fastLane: true)
            #expect(answer == expected, "\(chunks.map { String(decoding: $0.prefix(500), as: UTF8.self) })")
        }
    }

    /// Joins two short requests of ``RawRequests``, and changes, repeats or removes up to three bytes.
    private static func mutated(using random: inout SeededGenerator) -> [UInt8] {
        let short = RawRequests.all.filter { $0.count < 2000 }
        var bytes = (0..<2).flatMap { _ in short.randomElement(using: &random) ?? [] }
        for _ in 0..<Int.random(in: 0...3, using: &random) where bytes.count > 1 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
            default: bytes[place] = Array(" \r\n:/?,1".utf8).randomElement(using: &random) ?? 0
            }
        }
        return bytes
    }
}
