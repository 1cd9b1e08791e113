import SharedState

/// Fetches with a time limit and a size limit, even if the fetcher ignores these limits.
///
/// If a fetcher does not return in time, `BoundedFetch` throws an error and cancels the request. A fetcher may ignore
/// the cancellation, so `BoundedFetch` also limits the number of requests in progress.
package struct BoundedFetch: Sendable {
    package struct Fault: Error {
        /// A text for logs: the reason why the request gave no response.
        package let reason: String
    }

    /// Resumes the caller with the result of the fetcher or of the timer, whichever comes first. Ignores the second
    /// result.
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
    /// The number of requests that the fetcher has not finished. A timed-out request counts until the fetcher ends it.
    private let underWay = Guarded(0)
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Sends requests through `fetcher` with limits.
    ///
    /// - Parameters:
    ///   - maximumUnderWay: The largest number of requests in progress. A timed-out request counts until the fetcher
    ///     ends it.
    ///   - sleep: Returns after the given duration, or throws if the task is cancelled.
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
