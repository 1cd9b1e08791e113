import HTTPTypes
import Hummingbird
import JOSE
import NIOCore
import SignetIssuer
import SignetVerifier

extension Request {
    /// Reads the body as one JSON object (RFC 8259).
    /// - Throws: ``RequestRefusal`` if the body is too large, has another media type or is not valid JSON.
    func jsonObject(in context: APIRequestContext) async throws -> JSONObject {
        guard mediaType == "application/json" else {
            throw RequestRefusal.unsupportedMediaType(expected: "application/json")
        }
        let bytes = try await bodyBytes(in: context)
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw RequestRefusal.malformed("The body is not valid JSON.")
        }
        guard case .object(let object) = value else {
            throw RequestRefusal.malformed("The body must be a JSON object.")
        }
        return object
    }

    /// Reads the body as an `application/x-www-form-urlencoded` form.
    /// - Parameter repeatable: names of parameters that may occur more than once.
    /// - Throws: ``RequestRefusal`` if the body is too large, has another media type or is not a valid form.
    func form(
        in context: APIRequestContext, repeatable: Set<String> = []
    ) async throws -> FormParameters {
        guard mediaType == "application/x-www-form-urlencoded" else {
            throw RequestRefusal.unsupportedMediaType(expected: "application/x-www-form-urlencoded")
        }
        let bytes = try await bodyBytes(in: context)
        do {
            return try FormParameters(parsing: bytes, repeatable: repeatable)
        } catch {
            throw RequestRefusal.malformed("The form cannot be read: \(error.reason).")
        }
    }

    /// Returns the Bearer token of the `Authorization` header (RFC 6750 section 2.1).
    /// - Throws: ``Problem/tokenMissing`` if there is no Bearer token; ``IssuerError`` `tokenInvalid` if there are
    ///   several `Authorization` headers.
    func accessToken() throws -> String {
        do throws(VerificationError) {
            return try BearerCredentials.token(authorization: headers[values: .authorization])
        } catch {
            if error.code == .tokenMissing { throw Problem.tokenMissing }
            throw IssuerError(.tokenInvalid, error.detail)
        }
    }

    /// The address and User-Agent that the session list and the audit log show for this request.
    func source(in context: APIRequestContext) -> RequestSource {
        RequestSource(address: context.remoteAddress, device: headers[.userAgent] ?? "")
    }

    /// The media type of the body in lower case without parameters; empty if there is no `Content-Type` header.
    private var mediaType: String {
        let value = headers[.contentType] ?? ""
        return value.prefix { $0 != ";" }.trimmingBlanks().lowercased()
    }

    private func bodyBytes(in context: APIRequestContext) async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > context.maxUploadSize {
            throw RequestRefusal.bodyTooLarge
        }
        do {
            let buffer = try await body.collect(upTo: context.maxUploadSize)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw RequestRefusal.bodyTooLarge
        } catch let error as CancellationError {
            throw error
        } catch {
            // The client sent bad framing or closed the connection. Both are faults of the client, so the request is
            // refused and no internal error is logged.
            throw RequestRefusal.malformed("The body could not be read to its end.")
        }
    }
}

/// A reason to refuse a request before a route handles it.
enum RequestRefusal: Error, Equatable {
    case bodyTooLarge
    case unsupportedMediaType(expected: String)
    /// The request is malformed. The text tells the caller what is wrong.
    case malformed(String)

    /// Translates an error status of the HTTP framework.
    init(status: HTTPResponse.Status) {
        switch status {
        case .contentTooLarge: self = .bodyTooLarge
        default: self = .malformed("The request could not be read.")
        }
    }

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
