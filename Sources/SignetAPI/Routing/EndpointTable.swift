package import HTTPTypes

/// All endpoints of one listener, indexed by path.
package struct EndpointTable: Sendable {
    package let endpoints: [Endpoint]
    private let fixed: [String: [Int]]
    /// The endpoints whose last path segment is a parameter. For `/api/sessions/{id}`, `prefix` is `/api/sessions/`.
    /// The indices refer to ``endpoints``.
    private let parameterized: [(prefix: String, indices: [Int])]

    package init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        var fixed: [String: [Int]] = [:]
        var parameterized: [String: [Int]] = [:]
        for (index, endpoint) in endpoints.enumerated() {
            if let brace = endpoint.path.firstIndex(of: "{") {
                parameterized[String(endpoint.path[..<brace]), default: []].append(index)
            } else {
                fixed[endpoint.path, default: []].append(index)
            }
        }
        self.fixed = fixed
        self.parameterized = parameterized.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The result of looking up the endpoint for a method and a path.
    package enum Match: Sendable, Equatable {
        /// The position of the endpoint in ``EndpointTable/endpoints``. `parameter` is the text that the request has in
        /// place of `{…}` in the endpoint's path; `nil` if the endpoint's path has no `{…}`.
        case endpoint(index: Int, parameter: Substring?)
        /// The path has endpoints, but none for the request's method. The list holds the methods for the `Allow`
        /// header.
        case methodNotAllowed([HTTPRequest.Method])
        case notFound
    }

    /// Finds the endpoint for a method and a path. `HEAD` leads to the endpoint of `GET`.
    /// - Parameter path: without the query. Percent-encoded characters that need no encoding count as the characters
    ///   themselves (RFC 3986 section 6.2.2.2).
    package func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        if path.utf8.contains(UInt8(ascii: "%")) { return match(method, decoded: Self.decodingUnreserved(path)) }
        return match(method, decoded: path)
    }

    /// Whether any endpoint has this path.
    func contains(_ path: Substring) -> Bool {
        match(.get, path) != .notFound
    }

    private func match(_ method: HTTPRequest.Method, decoded path: Substring) -> Match {
        let indices: [Int]
        var parameter: Substring?
        if let found = fixed[String(path)] {
            indices = found
        } else if let (prefix, found) = parameterized.first(where: { path.hasPrefix($0.prefix) }) {
            let rest = path.dropFirst(prefix.count)
            guard !rest.isEmpty, !rest.utf8.contains(UInt8(ascii: "/")) else { return .notFound }
            indices = found
            parameter = rest
        } else {
            return .notFound
        }
        let wanted = method == .head ? .get : method
        if let index = indices.first(where: { endpoints[$0].method == wanted }) {
            return .endpoint(index: index, parameter: parameter)
        }
        return .methodNotAllowed(
            indices.flatMap { index -> [HTTPRequest.Method] in
                let method = endpoints[index].method
                return method == .get ? [.get, .head] : [method]
            })
    }

    /// Decodes the percent-encoded letters, digits, `-`, `.`, `_` and `~` of a path.
    private static func decodingUnreserved(_ path: Substring) -> Substring {
        let bytes = Array(path.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16),
                isUnreserved(byte)
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return Substring(decoding: decoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
