import HTTPTypes
import NIOCore
import NIOHTTP1
import SignetAPI

/// The head of a request that the ``FastLane`` can answer without Hummingbird, and the endpoint that it matches.
///
/// A connection often repeats the same head, for example if a client polls. The ``FastLane`` therefore keeps the last
/// `FastRequest`, and uses it again if the next head is equal or differs only in the value of `Content-Length`.
final class FastRequest: Sendable {
    let head: HTTPRequestHead
    let method: HTTPRequest.Method
    let match: EndpointTable.Match
    let fields: HeaderFields
    /// Whether the endpoint reads the body of a request.
    let readsBody: Bool
    /// The published document, such as the key set, that answers every request with this head; `nil` if the answer must
    /// be computed for each request.
    let document: (@Sendable () throws -> PublishedDocument)?

    /// Returns `nil` if the ``FastLane`` cannot answer the request and must pass it on to Hummingbird.
    init?(_ head: HTTPRequestHead, for api: API) {
        guard head.version == .http1_1, head.uri.utf8.first == UInt8(ascii: "/") else { return nil }
        switch head.method {
        case .GET: method = .get
        case .POST: method = .post
        case .HEAD: method = .head
        case .DELETE: method = .delete
        default: return nil
        }
        let query = head.uri.utf8.firstIndex(of: UInt8(ascii: "?"))
        match = api.match(method, head.uri[..<(query ?? head.uri.endIndex)])
        guard case .endpoint(let index, _) = match else { return nil }
        readsBody = api.table.endpoints[index].readsBody
        var fields = HeaderFields()
        for (name, value) in head.headers {
            if let name = HeaderFields.Name(name) {
                fields.append(name, Self.trimmingBlanks(value))
            } else if name.isFieldName("content-length") {
                guard Self.isAcceptedLength(value) else { return nil }
            } else if !Self.isPlain(name, value) {
                return nil
            }
        }
        self.fields = fields
        self.head = head
        document = method == .get && !fields.contains(.ifNoneMatch) ? api.document(at: match) : nil
    }

    /// Whether a request with the head `other` has the same endpoint and the same ``fields``: the heads are equal byte
    /// for byte, except for a different value of `Content-Length` that this handler accepts.
    func matches(_ other: HTTPRequestHead) -> Bool {
        // Compare bytes, because `==` of strings also accepts different bytes that are the same text in Unicode.
        guard head.method == other.method, head.version == other.version, head.headers.count == other.headers.count,
            Self.haveSameBytes(head.uri, other.uri)
        else { return false }
        for (own, other) in zip(head.headers, other.headers) {
            guard Self.haveSameBytes(own.name, other.name) else { return false }
            if !Self.haveSameBytes(own.value, other.value) {
                guard own.name.isFieldName("content-length"), Self.isAcceptedLength(other.value) else { return false }
            }
        }
        return true
    }

    /// Whether the head is small enough to be kept for the life of a connection: at most 4 KiB of target and fields.
    var isSmall: Bool {
        head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count } <= 4096
    }

    private static func isAcceptedLength(_ value: String) -> Bool {
        guard let length = Int(value) else { return false }
        return length <= APIRequest.maximumBodySize
    }

    private static func haveSameBytes(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let (left, right) = (left.utf8Span.span, right.utf8Span.span)
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Whether the connection stays open after the response to this head, so that the client can send another request.
    static func keepsConnection(_ head: HTTPRequestHead) -> Bool {
        head.version == .http1_1 && head.method != .CONNECT
            && head.headers.allSatisfy { name, value in
                !(name.isFieldName("connection") || name.isFieldName("upgrade")) || isPlain(name, value)
            }
    }

    /// `false` for a header field that only Hummingbird handles: `Transfer-Encoding`, `Upgrade`, `Expect`, and
    /// `Connection` with a value other than `keep-alive`.
    private static func isPlain(_ name: String, _ value: String) -> Bool {
        if name.isFieldName("connection") { return value.isFieldName("keep-alive") }
        return !(name.isFieldName("transfer-encoding") || name.isFieldName("upgrade") || name.isFieldName("expect"))
    }

    /// The value without the spaces and tabs at its ends. NIO's decoder leaves some of them, and Hummingbird removes
    /// them.
    private static func trimmingBlanks(_ value: String) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard value.utf8.first.map(isBlank) == true || value.utf8.last.map(isBlank) == true else { return value }
        guard let first = value.utf8.firstIndex(where: { !isBlank($0) }),
            let last = value.utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(value[first...last])
    }

    /// Makes the ``APIRequest`` from this head and the received body.
    /// - Parameters:
    ///   - body: the received body; `nil` if the request has none.
    ///   - address: the IP address of the client.
    func apiRequest(body: ByteBuffer?, from address: String) -> APIRequest {
        APIRequest(
            method: method, target: head.uri, fields: fields,
            body: .bytes(body.map { Array($0.readableBytesView) } ?? []), address: address)
    }
}
