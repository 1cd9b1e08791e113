import Foundation
import SignetClient
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Sends requests over URLSession. It follows no redirect, stops at the limit of the body, and keeps no cache.
struct URLSessionFetcher: HTTPFetcher {
    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        guard let url = URL(string: request.url) else { throw URLError(.badURL) }
        var outgoing = URLRequest(url: url)
        outgoing.httpMethod = request.method.rawValue
        for field in request.headers { outgoing.setValue(field.value, forHTTPHeaderField: field.name) }
        if !request.body.isEmpty { outgoing.httpBody = Data(request.body) }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForResource = Double(request.timeout.components.seconds) + 1
        let exchange = URLSessionExchange(maximumBodyBytes: request.maximumBodyBytes)
        let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: outgoing)
        return try await withTaskCancellationHandler {
            try await exchange.response { task.resume() }
        } onCancel: {
            task.cancel()
        }
    }
}

/// The delegate of one request: collects the response, refuses redirects, and cancels the request if the body is longer
/// than `maximumBodyBytes`.
final class URLSessionExchange: NSObject, URLSessionDataDelegate {
    private struct State {
        var body: [UInt8] = []
        var continuation: CheckedContinuation<HTTPFetchResponse, any Error>?
    }

    private let state = Mutex(State())
    private let maximumBodyBytes: Int

    init(maximumBodyBytes: Int) { self.maximumBodyBytes = maximumBodyBytes }

    func response(start: () -> Void) async throws -> HTTPFetchResponse {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.continuation = continuation }
            start()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let count = state.withLock { state in
            state.body += Array(data)
            return state.body.count
        }
        if count > maximumBodyBytes { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (continuation, body) = state.withLock { state in (state.continuation.take(), state.body) }
        guard error == nil, body.count <= maximumBodyBytes, let response = task.response as? HTTPURLResponse else {
            continuation?.resume(throwing: error ?? URLError(.dataLengthExceedsMaximum))
            return
        }
        let headers = response.allHeaderFields.map { HTTPFetchField("\($0.key)", "\($0.value)") }
        continuation?.resume(returning: HTTPFetchResponse(status: response.statusCode, headers: headers, body: body))
    }
}
