import Synchronization

/// A fetch that ends in time and within its size, whatever the fetcher does.
///
/// The fetcher is told both bounds and should keep them; one that does not must not hang all callers for ever.
package struct BoundedFetch: Sendable {
    package struct Fault: Error {
        /// For the operator.
        package let reason: String
    }

    /// Whoever comes first ends the race; the others are not heard.
    private final class Race: Sendable {
        private let continuation: Mutex<CheckedContinuation<Result<HTTPFetchResponse, Fault>, Never>?>

        init(_ continuation: CheckedContinuation<Result<HTTPFetchResponse, Fault>, Never>) {
            self.continuation = Mutex(continuation)
        }

        func end(_ result: Result<HTTPFetchResponse, Fault>) {
            continuation.withLock { $0.take() }?.resume(returning: result)
        }
    }

    private let fetcher: any HTTPFetcher
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameter sleep: Returns after a time, or throws when its task is cancelled.
    package init(
        _ fetcher: any HTTPFetcher,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.fetcher = fetcher
        self.sleep = sleep
    }

    package func callAsFunction(_ request: HTTPFetchRequest) async throws(Fault) -> HTTPFetchResponse {
        let result = await withCheckedContinuation { continuation in
            let race = Race(continuation)
            let fetching = Task { [fetcher] in
                do {
                    race.end(.success(try await fetcher.fetch(request)))
                } catch {
                    race.end(.failure(Fault(reason: "the request failed: \(error)")))
                }
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
