import HTTPTypes
package import Hummingbird

/// One operation of the contract: a method, a path and what answers them.
package struct Route: Sendable {
    /// Which format the errors of a route have.
    package enum ErrorFormat: Sendable {
        /// `application/problem+json` (RFC 9457).
        case problem
        /// The error object of RFC 6749 section 5.2.
        case oauth
    }

    package typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

    package let method: HTTPRequest.Method
    /// The path as `openapi.yaml` writes it: `/api/login`.
    package let path: String
    /// Every status that the route answers with; the contract lists the same.
    package let statuses: Set<Int>
    package let errors: ErrorFormat
    package let handler: Handler

    package init(
        _ method: HTTPRequest.Method, _ path: String, statuses: Set<Int>, errors: ErrorFormat = .problem,
        handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.statuses = statuses
        self.errors = errors
        self.handler = handler
    }
}
