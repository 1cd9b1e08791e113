package import HTTPTypes

// This folder finds the endpoint for a request and runs it: the table, the order of the checks around an endpoint, and
// the translation of errors into responses. It knows no single endpoint and no transport.

/// One operation of the HTTP API: a method, a path, and a function from a request to a response.
package struct Endpoint: Sendable {
    /// The format of an endpoint's error responses.
    package enum ErrorFormat: Sendable {
        /// `application/problem+json` (RFC 9457).
        case problem
        /// The error object of RFC 6749 section 5.2.
        case oauth
    }

    /// How an endpoint answers.
    package enum Answer: Sendable {
        /// The function never waits for another task, a lock that is held for long, or a writer. A transport may call it
        /// on an event loop.
        case immediate(@Sendable (APIRequest) throws -> APIResponse)
        /// The function returns a public document, without waiting. The API compares its entity tag with the request's.
        case published(@Sendable () throws -> PublishedDocument)
        /// The function may wait.
        case suspending(@Sendable (APIRequest) async throws -> APIResponse)
        /// The first function answers without waiting. If it returns `nil`, the second function answers, which may
        /// wait.
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

    /// Whether the endpoint reads the body of a request. Every endpoint that does can answer 415 (unsupported media
    /// type).
    package var readsBody: Bool { statuses.contains(415) }

    /// The function that may wait before it answers; `nil` if the endpoint always answers without waiting.
    var suspendingAnswer: (@Sendable (APIRequest) async throws -> APIResponse)? {
        switch answer {
        case .suspending(let answer), .immediateOrSuspending(_, let answer): answer
        case .immediate, .published: nil
        }
    }

    /// Whether pages of other origins may call the endpoint, if their origin is allowed.
    let allowsOrigins: Bool
}
