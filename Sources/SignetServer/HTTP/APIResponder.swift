import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SignetAPI

// Code in this folder lets Hummingbird serve an `API`: it converts Hummingbird's requests to API requests, and API
// responses to Hummingbird's responses. It must not know endpoints, settings or background services.

/// Answers Hummingbird's requests with an ``API``.
struct APIResponder: HTTPResponder {
    let exchange: APIExchange

    @concurrent
    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        let path = request.head.path ?? ""
        let query = path.utf8.firstIndex(of: UInt8(ascii: "?"))
        let match = exchange.api.match(request.method, path[..<(query ?? path.endIndex)])
        let start = NIODeadline.now()
        let answer = await exchange.api.respond(
            to: APIRequest(
                method: request.method, target: path, fields: HeaderFields(request.headers),
                body: exchange.readsBody(match) ? await request.wholeBody() : .bytes([]),
                address: exchange.address(peer: context.peer, HeaderFields(request.headers))),
            matching: match)
        exchange.record(answer, of: match, since: start, in: context.logger)
        var response = Response(answer)
        if request.headers[.upgrade] != nil || request.method == .connect {
            // NIO's decoder stops reading after a request with `Upgrade` or `CONNECT`, so a further request on this
            // connection would get no answer. Close the connection after this response. Java's HTTP client sends
            // `Upgrade` on every connection without TLS.
            response.headers[.connection] = "close"
            context.channel.close(mode: .input, promise: nil)
        }
        return response
    }
}

/// The context of one request: its connection and the caller's address.
struct APIRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The IP address at the other end of the connection; empty if the connection has none.
    let peer: String
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

extension HeaderFields {
    init(_ fields: HTTPFields) {
        self.init()
        for field in fields {
            if let name = Name(field.name.rawName) { append(name, field.value) }
        }
    }
}

extension Request {
    /// The whole body of the request; ``APIRequest/Body/refused(_:)`` if the body is too large or incomplete.
    fileprivate func wholeBody() async -> APIRequest.Body {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > APIRequest.maximumBodySize {
            return .refused(.bodyTooLarge)
        }
        do {
            return .bytes(Array(try await body.collect(upTo: APIRequest.maximumBodySize).readableBytesView))
        } catch is NIOTooManyBytesError {
            return .refused(.bodyTooLarge)
        } catch {
            // The client sent bad framing or closed the connection. Log no error, because the server did not fail.
            return .refused(.bodyIncomplete)
        }
    }
}

extension Response {
    fileprivate init(_ response: APIResponse) {
        var fields = response.fields
        if let length = response.contentLength {
            fields.append(HTTPField(name: .contentLength, value: "\(length)"))
        }
        let bytes = response.bytes
        self.init(
            status: response.status, headers: fields,
            body: bytes.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
