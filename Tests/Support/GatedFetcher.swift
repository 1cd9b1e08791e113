package import HTTPFetching
import SharedState

/// An HTTP fetcher whose requests wait until the test answers them.
package final class GatedFetcher: HTTPFetcher {
    private struct State {
        var requests: [HTTPFetchRequest] = []
        var waiting: [CheckedContinuation<HTTPFetchResponse, any Error>] = []
        var arrivals: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    package struct Refused: Error {
        package init() {}
    }

    private let state = Guarded(State())

    package init() {}

    package var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }

    package func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        try await withCheckedThrowingContinuation { continuation in
            let arrived = state.withLock { state in
                state.requests.append(request)
                state.waiting.append(continuation)
                let arrived = state.arrivals.filter { $0.count <= state.requests.count }
                state.arrivals.removeAll { $0.count <= state.requests.count }
                return arrived
            }
            for arrival in arrived { arrival.continuation.resume() }
        }
    }

    /// Waits until this fetcher has received `count` requests in total, or until the test's time limit cancels the
    /// task.
    package func arrived(_ count: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.requests.count >= count || Task.isCancelled { return true }
                    state.arrivals.append((count, continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let arrivals = state.withLock { state in
                defer { state.arrivals = [] }
                return state.arrivals.map(\.continuation)
            }
            for continuation in arrivals { continuation.resume() }
        }
    }

    /// Answers the request that has waited longest.
    package func answer(_ result: Result<HTTPFetchResponse, any Error>) {
        let continuation = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        continuation?.resume(with: result)
    }
}
