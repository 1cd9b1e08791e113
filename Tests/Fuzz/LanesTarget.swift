import Dispatch

@testable import SignetServer

/// Sends the input to two servers and requires the same answers from both. One server has the fast lane, the handler
/// that answers simple requests without Hummingbird, and gets the input in pieces. The other server has no fast lane
/// and gets the input as a whole. The first input byte is not sent. It determines the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    guard let first = input.first else { return 0 }
    let request = Array(input.dropFirst())
    var random = SeededGenerator(seed: UInt64(first))
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
