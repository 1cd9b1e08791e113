public import HTTPFetching

/// Tells whether a service refused a request because of its access token, so that a new access token may help.
public enum TokenRefusal {
    /// Whether a response refuses the access token itself: a 401 whose `Bearer` challenge has the error `invalid_token`
    /// (RFC 6750 section 3.1).
    ///
    /// Do not refresh the session for a 401 with another cause, for example a missing `Authorization` header or a
    /// missing second factor. A new access token does not help.
    ///
    /// - Parameters:
    ///   - status: The status of the response.
    ///   - challenges: The values of all its `WWW-Authenticate` fields.
    public static func isInvalidToken(status: Int, challenges: [String]) -> Bool {
        status == 401 && challenges.contains { namesInvalidToken($0) }
    }

    /// Whether one `WWW-Authenticate` field has a `Bearer` challenge with `error=invalid_token` (RFC 9110 section
    /// 11.6.1).
    private static func namesInvalidToken(_ field: String) -> Bool {
        var isBearer = false
        for element in elements(of: field) {
            var parameter = element
            // An element such as `Bearer error="x"` starts with the name of an authentication scheme. In an element
            // such as `realm = "x"`, an equals sign follows the name, so the element is only a parameter.
            let name = element.prefix { !isBlank($0) && $0 != "=" }
            let rest = element[name.endIndex...].drop(while: isBlank)
            if rest.first != "=" {
                isBearer = name.lowercased() == "bearer"
                parameter = rest
            }
            guard isBearer, let equals = parameter.firstIndex(of: "=") else { continue }
            let key = parameter[..<equals].filter { !isBlank($0) }.lowercased()
            let value = parameter[parameter.index(after: equals)...].drop(while: isBlank)
            if key == "error", value == "invalid_token" || value == "\"invalid_token\"" { return true }
        }
        return false
    }

    /// The elements of a comma-separated list without surrounding spaces. A comma inside quotation marks separates
    /// nothing.
    private static func elements(of field: String) -> [Substring] {
        var elements: [Substring] = []
        var start = field.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in field.indices {
            switch field[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                elements.append(field[start..<index])
                start = field.index(after: index)
            default: break
            }
        }
        elements.append(field[start...])
        return elements.map { element in
            var element = element.drop(while: isBlank)
            while let last = element.last, isBlank(last) { element.removeLast() }
            return element
        }
    }

    /// Whether a character is optional white space in a field value (`OWS`, RFC 9110 section 5.6.3).
    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}

extension HTTPFetchResponse {
    /// Whether the response refuses the access token itself, so that another token may be accepted; see
    /// ``TokenRefusal``.
    public var refusesToken: Bool {
        TokenRefusal.isInvalidToken(status: status, challenges: values(of: "www-authenticate"))
    }
}
