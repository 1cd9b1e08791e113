package import HTTPTypes
package import Hummingbird

/// One operation of the HTTP API: a method, a path and a handler.
package struct Route: Sendable {
    /// The format of a route's error responses.
    package enum ErrorFormat: Sendable {
        /// `application/problem+json` (RFC 9457).
        case problem
        /// The error object of RFC 6749 section 5.2.
        case oauth
    }

    package typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

    package let method: HTTPRequest.Method
    /// The path template as in `openapi.yaml`: `/api/sessions/{id}`.
    package let path: String
    /// Every HTTP status that the route can answer with. `openapi.yaml` lists the same statuses.
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

/// All routes of one listener.
package struct RouteTable: Sendable {
    package let routes: [Route]

    package init(_ routes: [Route]) { self.routes = routes }

    /// The methods that a path answers to, for the `Allow` header; empty if no route matches. `GET` implies `HEAD`.
    package func methods(at path: String) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for route in routes where Self.matches(path, template: route.path) {
            methods.append(route.method)
            if route.method == .get { methods.append(.head) }
        }
        return methods
    }

    /// Whether a request path matches a template with `{name}` segments.
    private static func matches(_ path: String, template: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let pattern = template.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, part in
                part.hasPrefix("{") ? !segment.isEmpty : segment == part
            }
    }
}
