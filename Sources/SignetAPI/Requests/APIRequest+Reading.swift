import JOSE

extension APIRequest {
    /// Reads the body as one JSON object (RFC 8259).
    /// - Throws: ``RequestRefusal`` if the body is too large, has another media type or is not valid JSON.
    func jsonObject() throws -> JSONObject {
        let bytes = try bytes(of: "application/json")
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
    func form(repeatable: [String] = []) throws -> FormParameters {
        let bytes = try bytes(of: "application/x-www-form-urlencoded")
        do {
            return try FormParameters(parsing: bytes, repeatable: repeatable)
        } catch {
            throw RequestRefusal.malformed("The form cannot be read: \(error.reason).")
        }
    }

    /// The bytes of the body.
    /// - Parameter type: the media type that the request must name in `Content-Type`, in lower case.
    private func bytes(of type: StaticString) throws(RequestRefusal) -> [UInt8] {
        guard hasMediaType(type) else { throw .unsupportedMediaType(expected: "\(type)") }
        switch body {
        case .bytes(let bytes): return bytes
        case .refused(let refusal): throw refusal
        }
    }

    private func hasMediaType(_ type: StaticString) -> Bool {
        guard let value = fields[.contentType] else { return false }
        if value.isFieldName(type) { return true }
        return String(value.prefix { $0 != ";" }.trimmingBlanks()).isFieldName(type)
    }
}
