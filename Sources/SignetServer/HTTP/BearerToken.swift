import HTTPTypes
import SignetIssuer

/// The access token of an `Authorization` header (RFC 6750 section 2.1).
struct BearerToken {
    let value: String

    /// Reads the one `Authorization` header; `nil` when there is none or when it names another scheme.
    /// - Throws: ``IssuerError`` `tokenInvalid` when there are several headers, or when what follows `Bearer` is no token.
    init?(in headers: HTTPFields) throws {
        let values = headers[values: .authorization]
        guard let header = values.first else { return nil }
        guard values.count == 1 else { throw IssuerError(.tokenInvalid, "more than one Authorization header") }
        let scheme = header.prefix { $0 != " " }
        guard scheme.lowercased() == "bearer" else { return nil }
        let token = header[scheme.endIndex...].drop { $0 == " " }
        guard !token.isEmpty else { return nil }
        guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw IssuerError(.tokenInvalid, "the credentials are not one token")
        }
        value = String(token)
    }

    /// The access token of a route that needs one.
    /// - Throws: ``Problem/tokenMissing``, or what ``init(in:)`` throws.
    static func required(in headers: HTTPFields) throws -> String {
        guard let token = try BearerToken(in: headers) else { throw Problem.tokenMissing }
        return token.value
    }
}
