import HTTPTypes

/// The cookie that holds a browser's refresh token (RFC 6265). Scripts cannot read it.
struct RefreshCookie: Sendable, Equatable {
    // Because of the prefix `__Secure-`, browsers accept the cookie over https only. The stricter prefix `__Host-`
    // requires `Path=/`. The browser would then send the token to every path of the host.
    static let name = "__Secure-signet-refresh"

    /// The `Path` attribute of the cookie: the issuer's path followed by `/api`, for example `/id/api`.
    let path: String

    /// The refresh token in the `Cookie` headers; `nil` if no cookie holds one.
    /// - Throws: ``RequestRefusal`` if the headers hold two different tokens, because a page of another subdomain may
    ///   have set one of the two.
    func token(in fields: HeaderFields) throws(RequestRefusal) -> String? {
        let tokens = Set(Self.values(in: fields))
        guard tokens.count <= 1 else { throw .malformed("There is more than one refresh token cookie.") }
        return tokens.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The `Set-Cookie` header that stores a token in the browser.
    /// - Parameter lifetime: seconds until the browser deletes the cookie.
    func setting(_ token: String, lifetime: Int64) -> HTTPFields {
        [.setCookie: "\(Self.name)=\(token); Path=\(path); Max-Age=\(lifetime); Secure; HttpOnly; SameSite=Strict"]
    }

    /// The `Set-Cookie` header that deletes the cookie; empty if the request carried no cookie.
    func clearing(from fields: HeaderFields) -> HTTPFields {
        Self.values(in: fields).isEmpty ? [:] : setting("", lifetime: 0)
    }

    private static func values(in fields: HeaderFields) -> [String] {
        fields[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let pair = pair.drop { $0 == " " || $0 == "\t" }
            guard pair.hasPrefix(name + "=") else { return nil }
            return String(pair.dropFirst(name.utf8.count + 1))
        }
    }
}
