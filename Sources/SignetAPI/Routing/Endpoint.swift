package import HTTPTypes
package import SignetIssuer

// This folder finds the endpoint for a request, runs the endpoint, and converts errors to responses. It depends on no
// particular endpoint and no HTTP server.

/// One operation of the HTTP API: a method, a path, and a function from a request to a response.
package struct Endpoint: Sendable {
    /// The format of an endpoint's error responses.
    package enum ErrorFormat: Sendable {
        /// `application/problem+json` (RFC 9457).
        case problem
        /// The error object of RFC 6749 section 5.2.
        case oauth
    }

    /// The function that answers a request. The case tells whether the function may wait.
    package enum Answer: Sendable {
        /// The function returns quickly: it neither suspends nor waits for a write to the store. The HTTP server may
        /// call the function on an event loop.
        case immediate(@Sendable (APIRequest) throws -> APIResponse)
        /// The function returns a public document without waiting. The response is 304 if `If-None-Match` of the
        /// request names the document's entity tag.
        case published(@Sendable () throws -> PublishedDocument)
        /// The function makes an inquiry of the store. The HTTP server answers without waiting if the store has the
        /// records at hand; otherwise the answer waits for the store.
        case inquiring(@Sendable (APIRequest) throws -> Inquiry<APIResponse>)
        /// The function may suspend, for example to wait for a write to the store.
        case suspending(@Sendable (APIRequest) async throws -> APIResponse)
        /// The first function answers without waiting. If the first function returns `nil`, the second function
        /// answers; it may wait.
        case immediateOrSuspending(
            @Sendable (APIRequest) throws -> APIResponse?, @Sendable (APIRequest) async throws -> APIResponse)
    }

    package let method: HTTPRequest.Method
    /// The path template as in `openapi.yaml`: `/api/sessions/{id}`. Only the last segment may be a parameter.
    package let path: String
    /// Every HTTP status that the endpoint can answer with. `openapi.yaml` lists the same statuses.
    package let statuses: Set<Int>
    let errors: ErrorFormat
    let answer: Answer

    init(
        _ method: HTTPRequest.Method, _ path: String, statuses: Set<Int>, errors: ErrorFormat = .problem,
        _ answer: Answer
    ) {
        self.method = method
        self.path = path
        self.statuses = statuses
        self.errors = errors
        self.answer = answer
        allowsOrigins = path.hasPrefix("/api/")
    }

    /// Whether the endpoint reads the body of a request. Such an endpoint can always answer 415 (unsupported media
    /// type), and other endpoints never do.
    package var readsBody: Bool { statuses.contains(415) }

    /// The response to a request, if the endpoint can compute it without waiting; otherwise `nil`.
    func responseAtOnce(to request: APIRequest) throws -> APIResponse? {
        switch answer {
        case .immediate(let answer): try answer(request)
        case .published(let document): try document().response(to: request)
        case .immediateOrSuspending(let answer, _): try answer(request)
        case .inquiring(let inquire): try inquire(request).answerAtHand()
        case .suspending: nil
        }
    }

    /// The response to a request. The function may wait.
    func response(to request: APIRequest) async throws -> APIResponse {
        switch answer {
        case .immediate(let answer): try answer(request)
        case .published(let document): try document().response(to: request)
        case .inquiring(let inquire): try await inquire(request).answer()
        case .suspending(let answer), .immediateOrSuspending(_, let answer): try await answer(request)
        }
    }

    /// Whether pages of allowed origins may call the endpoint (CORS).
    let allowsOrigins: Bool
}
