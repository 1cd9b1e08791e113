// The folder Clients holds registered clients: their secrets, and the scopes and audiences that they may request.

import HTTPFetching
import JOSE

/// The syntax of an audience, a value of the `aud` claim.
///
/// An audience with a colon must be an absolute URI (RFC 3986 §4.3), as JWT (RFC 7519 §2) and `resource` (RFC 8707)
/// require. An audience without a colon is a plain name. URIs and plain names consist of URI characters (RFC 3986 §2)
/// except `#`, because a resource has no fragment (RFC 8707 §2). Audiences are compared byte for byte: `/api` differs
/// from `/API` and from `/api/`.
package enum Audience {
    /// Maximum length in bytes of an audience that an operator lists for clients or logins.
    package static let maximumLength = 255

    /// Returns `true` if an operator may list `text` for clients or logins: a plain name or an absolute URI, 1 to 255
    /// bytes.
    package static func isName(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        return text.utf8.contains(UInt8(ascii: ":")) ? isURI(text) : isPlain(text.utf8[...])
    }

    /// Returns `true` if `text` is an absolute URI without fragment, of any length. If the URI has an authority
    /// (`//…`), it must name a host.
    static func isURI(_ text: String) -> Bool {
        let scheme = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        let rest = text.utf8[scheme.endIndex...].dropFirst()
        guard isScheme(scheme), !rest.isEmpty else { return false }
        guard rest.starts(with: "//".utf8) else { return isPlain(rest) }
        let authority = rest.dropFirst(2).prefix { !"/?".utf8.contains($0) }
        return isAuthority(authority) && isPlain(rest[authority.endIndex...])
    }

    /// Returns `true` for a letter followed by letters, digits, `+`, `-` and `.` (RFC 3986 §3.1).
    private static func isScheme(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    /// Returns `true` for a host with optional user information and port (RFC 3986 §3.2).
    private static func isAuthority(_ bytes: Substring.UTF8View) -> Bool {
        var host = bytes
        if let at = bytes.firstIndex(of: UInt8(ascii: "@")) {
            guard isPlain(bytes[..<at]) else { return false }
            host = bytes[at...].dropFirst()
        }
        guard URLAuthority(Substring(host)) != nil else { return false }
        // A bracketed IPv6 address needs no further check, because `URLAuthority` has checked the characters in it.
        return host.first == UInt8(ascii: "[") || isPlain(host)
    }

    /// Returns `true` if `bytes` has only URI characters other than `#`, `[` and `]`, and if two hexadecimal digits
    /// follow each `%`.
    private static func isPlain(_ bytes: Substring.UTF8View) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst(), let low = rest.popFirst(), isHexDigit(high), isHexDigit(low) else {
                    return false
                }
            } else {
                guard isLetter(byte) || isDigit(byte) || "-._~:/?@!$&'()*+,;=".utf8.contains(byte) else {
                    return false
                }
            }
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}

/// The audiences that a token request names.
package struct AudienceRequest: Sendable, Hashable {
    /// Values of the `resource` parameter (RFC 8707 §2): absolute URIs.
    package let resources: [String]
    /// Values of the `audience` parameter (RFC 8693 §2.1): absolute URIs or plain names.
    package let audiences: [String]

    /// A request that names no audience. The token then gets the issuer's own audience.
    package static let unspecified = AudienceRequest(resources: [], audiences: [])

    package init(resources: [String], audiences: [String]) {
        self.resources = resources
        self.audiences = audiences
    }

    /// Returns the audiences for the `aud` claim of the token: all requested audiences, resources first, without
    /// duplicates. If the request names none, returns the issuer's own audience.
    /// - Parameters:
    ///   - own: the issuer's own audience, which every request may name.
    ///   - others: the other audiences that the request may name.
    /// - Returns: at least one audience.
    /// - Throws: `invalidTarget` if one of the audiences is not allowed, or if a resource is not an absolute URI
    ///   without fragment. The whole request is then refused, because a caller might not notice a missing audience.
    func granted(own: String, others: [String] = []) throws(IssuerError) -> [String] {
        try granted(among: [own] + others, default: [own])
    }

    /// Returns the audiences for the `aud` claim of the token: all requested audiences, resources first, without
    /// duplicates. If the request names none, returns `fallback`.
    /// - Parameter allowed: the audiences that the request may name.
    /// - Throws: `invalidTarget` if one of the audiences is not allowed, or if a resource is not an absolute URI
    ///   without fragment.
    func granted(among allowed: [String], default fallback: [String]) throws(IssuerError) -> [String] {
        guard resources.allSatisfy(Audience.isURI) else {
            throw IssuerError(.invalidTarget, "resource: expected an absolute URI without fragment")
        }
        var granted: [String] = []
        for name in resources + audiences {
            guard allowed.contains(where: name.isExactly) else {
                throw IssuerError(.invalidTarget, "resource or audience: not an audience that this caller may request")
            }
            if !granted.contains(where: name.isExactly) { granted.append(name) }
        }
        return granted.isEmpty ? fallback : granted
    }
}
