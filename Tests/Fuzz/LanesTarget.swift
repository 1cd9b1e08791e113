import Dispatch

@testable import SignetServer

/// Sends the input to two servers: as a whole to a server without the fast lane (the handler that answers simple
/// requests without Hummingbird), and in pieces to a server with it. Both must send the same answers. The first byte of
/// the input is not sent: it determines the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    guard let first = input.first else { return 0 }
    let request = Array(input.dropFirst())
    var random = SmallRandom(seed: UInt64(first))
    let chunks = Chunks.split(request, into: 1 + Int(first % 8), using: &random)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        do {
            let expected = try await Connection(to: exchange, fastLane: false).exchange([request])
            let answer = try await Connection(to: exchange, fastLane: true).exchange(chunks)
            require(
                answer == expected,
                "both lanes send the same bytes: \(answer.debugDescription) \(expected.debugDescription)")
        } catch {
            fatalError("broken: a connection ends without an error: \(error)")
        }
        done.signal()
    }
    done.wait()
    return 0
}

private let exchange = APIExchange(EchoAPI.api())
