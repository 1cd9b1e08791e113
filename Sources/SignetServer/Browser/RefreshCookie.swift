import HTTPTypes

/// The cookie that holds a browser's refresh token where no script can read it (RFC 6265).
///
/// Its prefix makes browsers take it over secure connections only; `__Host-` would ask for `Path=/`, and the token has no
/// business outside the API.
struct RefreshCookie: Sendable, Equatable {
    static let name = "__Secure-signet-refresh"

    /// The API's path as browsers see it.
    let path: String

    /// The token in a request; `nil` when there is none.
    /// - Throws: ``RequestRefusal`` for two different ones: a sibling domain may have planted one of them.
    func token(in headers: HTTPFields) throws(RequestRefusal) -> String? {
        let tokens = Set(Self.values(in: headers))
        guard tokens.count <= 1 else { throw .malformed("There is more than one refresh token cookie.") }
        return tokens.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The header that hands a token out.
    /// - Parameter lifetime: seconds until it expires unless it is used.
    func setting(_ token: String, lifetime: Int64) -> HTTPFields {
        [.setCookie: "\(Self.name)=\(token); Path=\(path); Max-Age=\(lifetime); Secure; HttpOnly; SameSite=Strict"]
    }

    /// The header that makes a browser forget the token, in answer to a request that carried one; empty for any other.
    func clearing(from headers: HTTPFields) -> HTTPFields {
        Self.values(in: headers).isEmpty ? [:] : setting("", lifetime: 0)
    }

    private static func values(in headers: HTTPFields) -> [String] {
        headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let pair = pair.drop { $0 == " " || $0 == "\t" }
            guard pair.hasPrefix(name + "=") else { return nil }
            return String(pair.dropFirst(name.utf8.count + 1))
        }
    }
}
