/// Finds the access token of an HTTP request (RFC 6750 section 2.1). Works with every web framework.
public enum BearerCredentials {
    /// Returns the token of a request.
    ///
    /// A token in the `Authorization` header takes precedence over a token in a cookie. Tokens in the query or the body
    /// are ignored, because queries and bodies end up in logs.
    ///
    /// - Parameters:
    ///   - authorization: The values of all `Authorization` fields. The scheme `Bearer` may be written in any case.
    ///   - cookies: The values of all `Cookie` fields. Used only if `cookieName` is not `nil`.
    ///   - cookieName: The name of the cookie that may carry the token; `nil` to ignore cookies. Browsers also send
    ///     cookies with requests that another site has forged. So use `SameSite` cookies, or accept cookies only for
    ///     requests that change nothing.
    /// - Throws: ``VerificationError`` with `tokenMissing` if the request has no token; with `ambiguousCredentials` if
    ///   the request has more than one `Authorization` field, or more than one cookie with the name `cookieName`.
    public static func token(
        authorization: [String], cookies: [String] = [], cookieName: String? = nil
    ) throws(VerificationError) -> String {
        guard authorization.count <= 1 else {
            throw VerificationError(.ambiguousCredentials, "Authorization: expected one field, found more")
        }
        if let token = authorization.first.flatMap(bearerToken) { return token }
        if let cookieName {
            let values = cookies.flatMap { Self.values(of: cookieName, in: $0) }
            guard values.count <= 1 else {
                throw VerificationError(
                    .ambiguousCredentials, "Cookie: expected the token's cookie once, found it more often")
            }
            if let value = values.first, !value.isEmpty { return value }
        }
        throw VerificationError(.tokenMissing, "expected a Bearer token in the Authorization field")
    }

    /// The token in a value of `Authorization`; `nil` if the scheme is not `Bearer` or the token is empty.
    private static func bearerToken(_ value: String) -> String? {
        let bytes = Array(value.utf8)
        let scheme = Array("bearer".utf8)
        guard bytes.count > scheme.count, bytes[scheme.count] == UInt8(ascii: " "),
            zip(bytes, scheme).allSatisfy({ $0 | 0x20 == $1 })
        else { return nil }
        var token = bytes[(scheme.count + 1)...]
        while token.first == UInt8(ascii: " ") { token.removeFirst() }
        while token.last == UInt8(ascii: " ") { token.removeLast() }
        return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
    }

    /// The values of the cookies called `name` in one `Cookie` field (RFC 6265 section 4.2.1).
    private static func values(of name: String, in field: String) -> [String] {
        field.split(separator: ";").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }).utf8.elementsEqual(name.utf8) else {
                return nil
            }
            return String(parts[1])
        }
    }
}
