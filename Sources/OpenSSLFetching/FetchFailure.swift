internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The reason why a request has no response. The description never contains header fields or the body of the request.
package enum FetchFailure: Error, Equatable, CustomStringConvertible {
    /// The name of this host cannot be resolved to an address.
    case unknownHost(String)
    /// The connection could not be made, or it broke. The text comes from the system, for example `Connection refused`.
    case connection(String)
    /// The server closed the connection before the end of the response.
    case closedEarly
    /// The response was not complete within this time limit of the request.
    case timedOut(Duration)
    /// The body of the response has more than `limit` bytes, the maximum of the request.
    case tooLarge(limit: Int)
    /// No trusted certificate authority issued the server's certificate. The text comes from OpenSSL, for example
    /// `self-signed certificate`.
    case unknownAuthority(String)
    /// The server's certificate is not valid. The text comes from OpenSSL, for example `certificate has expired`.
    case invalidCertificate(String)
    /// The server's certificate is valid, but not for the host of the URL. The text is this host.
    case wrongHost(String)
    /// The TLS handshake or the encrypted connection failed. The text comes from OpenSSL, for example `wrong version
    /// number`.
    case tls(String)
    /// The response is not HTTP/1.1. The text comes from the parser.
    case malformedResponse(String)

    package var description: String {
        switch self {
        case .unknownHost(let host): "the host \(host) has no address: check the name"
        case .connection(let reason): reason
        case .closedEarly: "the server closed the connection before the end of its response"
        case .timedOut(let limit): "no complete response within \(limit)"
        case .tooLarge(let limit): "expected at most \(limit) bytes in the response"
        case .unknownAuthority(let reason):
            """
            the server's certificate is not trusted: \(reason). If a private certificate authority issued it, set \
            SSL_CERT_FILE to the file with the authority's certificate
            """
        case .invalidCertificate(let reason): "the server's certificate is not valid: \(reason)"
        case .wrongHost(let host): "the server's certificate is not for \(host): check the URL"
        case .tls(let reason): "TLS failed: \(reason)"
        case .malformedResponse(let reason): "expected an HTTP/1.1 response: \(reason)"
        }
    }
}

extension FetchFailure {
    /// Converts an error of NIO. `limit` and `timeout` are the limits of the request, `host` is the host of its URL.
    init(_ error: any Error, host: String, limit: Int, timeout: Duration) {
        self =
            switch error {
            case let failure as FetchFailure: failure
            case let failure as NIOConnectionError where failure.connectionErrors.isEmpty: .unknownHost(host)
            case let failure as NIOConnectionError: Self.connection(from: failure.connectionErrors.map(\.error))
            case let failure as IOError: .connection(Self.text(failure))
            case ChannelError.connectTimeout: .timedOut(timeout)
            case is ChannelError: .closedEarly
            case let failure as NIOHTTPObjectAggregatorError where failure == .frameTooLong: .tooLarge(limit: limit)
            case let failure as HTTPParserError where failure == .invalidEOFState: .closedEarly
            default: .malformedResponse(String(describing: error))
            }
    }

    /// Chooses one of the errors of a host, after the connection to each of its addresses failed.
    private static func connection(from errors: [any Error]) -> FetchFailure {
        let reasons = errors.compactMap { ($0 as? IOError).map(text) }
        return .connection(reasons.first ?? errors.first.map { String(describing: $0) } ?? "no address was tried")
    }

    private static func text(_ error: IOError) -> String { unsafe String(cString: strerror(error.errnoCode)) }
}
