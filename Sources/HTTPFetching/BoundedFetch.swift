import SharedState

/// A fetch that ends in time and within its size, whatever the fetcher does.
///
/// The fetcher is told both bounds and should keep them; one that does not must not hang all callers for ever. A request
/// that is given up is cancelled. Where the fetcher does not listen the request goes on behind the scenes, and counts
/// until it ends: a fetcher that never ends them gets no more than a fixed number.
package struct BoundedFetch: Sendable {
    package struct Fault: Error {
        /// For the operator.
        package let reason: String
    }

    /// Whoever comes first ends the race; the others are not heard.
    private final class Race: Sendable {
        private let continuation: Guarded<CheckedContinuation<Result<HTTPFetchResponse, Fault>, Never>?>

        init(_ continuation: CheckedContinuation<Result<HTTPFetchResponse, Fault>, Never>) {
            self.continuation = Guarded(continuation)
        }

        func end(_ result: Result<HTTPFetchResponse, Fault>) {
            continuation.withLock { $0.take() }?.resume(returning: result)
        }
    }

    private let fetcher: any HTTPFetcher
    private let maximumUnderWay: Int
    /// How many requests the fetcher has not ended, given up ones included.
    private let underWay = Guarded(0)
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - maximumUnderWay: The most requests that the fetcher may have at a time, given up ones included.
    ///   - sleep: Returns after a time, or throws when its task is cancelled.
    package init(
        _ fetcher: any HTTPFetcher, maximumUnderWay: Int = 64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.fetcher = fetcher
        self.maximumUnderWay = maximumUnderWay
        self.sleep = sleep
    }

    package func callAsFunction(_ request: HTTPFetchRequest) async throws(Fault) -> HTTPFetchResponse {
        let mayStart = underWay.withLock { count in
            guard count < maximumUnderWay else { return false }
            count += 1
            return true
        }
        guard mayStart else {
            throw Fault(reason: "\(maximumUnderWay) requests have not ended: the fetcher does not end cancelled ones")
        }
        let result = await withCheckedContinuation { continuation in
            let race = Race(continuation)
            let fetching = Task { [fetcher, underWay] in
                let result: Result<HTTPFetchResponse, Fault>
                do {
                    result = .success(try await fetcher.fetch(request))
                } catch {
                    result = .failure(Fault(reason: "the request failed: \(error)"))
                }
                underWay.withLock { $0 -= 1 }
                race.end(result)
            }
            let timer = Task { [sleep] in
                guard (try? await sleep(request.timeout)) != nil else { return }
                race.end(.failure(Fault(reason: "no answer within \(request.timeout)")))
                fetching.cancel()
            }
            Task {
                _ = await fetching.value
                timer.cancel()
            }
        }
        let response = try result.get()
        guard response.body.count <= request.maximumBodyBytes else {
            throw Fault(reason: "expected at most \(request.maximumBodyBytes) bytes in the answer")
        }
        return response
    }
}
