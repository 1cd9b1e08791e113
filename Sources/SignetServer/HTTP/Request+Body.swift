import HTTPTypes
import Hummingbird
import JOSE
import NIOCore
import SignetIssuer

extension Request {
    /// The members of a JSON object in the body.
    /// - Throws: ``RequestRefusal`` when it is too large, of another type, or not one JSON object (RFC 8259, strictly).
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

    /// The parameters of a form in the body.
    /// - Parameter repeatable: the names that may stand there more than once.
    /// - Throws: ``RequestRefusal`` when it is too large, of another type, or no form.
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

    /// The media type without parameters, lower-cased; empty without a Content-Type.
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
            // Bad framing, or a connection that broke off: the sender's doing, and nothing that an operator could mend.
            throw RequestRefusal.malformed("The body could not be read to its end.")
        }
    }

    /// Where the request came from, as sessions show it.
    func source(in context: APIRequestContext) -> RequestSource {
        RequestSource(address: context.remoteAddress, device: headers[.userAgent] ?? "")
    }
}
