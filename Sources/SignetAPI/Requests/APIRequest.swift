package import HTTPTypes
package import SignetIssuer

// This folder holds HTTP requests as values, and the code that reads header fields, JSON bodies, forms, queries and
// credentials. It depends on no endpoint and no HTTP server.

/// One HTTP request, complete with its body. The HTTP server creates the request, and an ``Endpoint`` answers it.
package struct APIRequest: Sendable {
    /// The largest body that an endpoint reads: 16 KiB.
    package static let maximumBodySize = 16 * 1024

    package let method: HTTPRequest.Method
    /// The path without the query, percent-encoded as the client sent it.
    package let path: Substring
    /// The text after the `?`, still percent-encoded; `nil` if the request target has no `?`.
    package let query: Substring?
    package let fields: HeaderFields
    package let body: Body
    /// The address and the User-Agent that the session list and the audit log show for this request.
    package let source: RequestSource
    /// The value of the path parameter, for example of `{id}` in the template `/api/sessions/{id}`; `nil` if the
    /// endpoint's template has no parameter.
    package internal(set) var parameter: Substring?

    /// The body of a request, or the reason why the HTTP server did not read the body.
    package enum Body: Sendable {
        case bytes([UInt8])
        /// The HTTP server did not read the whole body, for the reason in the associated value.
        case refused(RequestRefusal)
    }

    /// Makes a request. Splits `target` at the first `?` into path and query.
    /// - Parameters:
    ///   - target: the request target of the HTTP request line, for example `/api/sessions?limit=10`.
    ///   - address: the IP address of the client; empty if it is unknown.
    package init(
        method: HTTPRequest.Method, target: String, fields: HeaderFields = [:], body: Body = .bytes([]),
        address: String = ""
    ) {
        self.method = method
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = target[..<(mark ?? target.endIndex)]
        query = mark.map { target[target.utf8.index(after: $0)...] }
        self.fields = fields
        self.body = body
        source = RequestSource(address: address, device: fields[.userAgent] ?? "")
    }
}

/// The reason to refuse a request that cannot be read, for example because its body is too large.
package enum RequestRefusal: Error, Equatable {
    case bodyTooLarge
    case unsupportedMediaType(expected: String)
    /// The request is malformed. The text tells the caller what is wrong.
    case malformed(String)

    /// The body is incomplete: its framing is invalid, or the client closed the connection before the end of the body.
    package static let bodyIncomplete = RequestRefusal.malformed("The body could not be read to its end.")

    var status: HTTPResponse.Status {
        switch self {
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .malformed: .badRequest
        }
    }

    /// The text that tells the caller why the request was refused.
    var message: String {
        switch self {
        case .bodyTooLarge: "The body is larger than 16 KiB."
        case .unsupportedMediaType(let expected): "The body and its Content-Type must be \(expected)."
        case .malformed(let fault): fault
        }
    }
}
