/// An issuer identifier, taken apart as far as the routes need it (RFC 8414 section 2).
package struct IssuerIdentifier: Sendable, Equatable {
    /// The identifier exactly as given; it is compared byte for byte and never rebuilt.
    package let text: String
    package let scheme: String
    /// Host and, where given, `:port`.
    package let authority: String
    /// Empty, or starts with `/` and does not end with one.
    package let path: String

    /// Takes an absolute `https` or `http` URL of at most 1024 ASCII bytes without user information, query, fragment and
    /// trailing slash; `nil` for anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= 1024, let separator = text.utf8Range(of: "://") else { return nil }
        scheme = String(text[..<separator.lowerBound])
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...]
        guard !authority.isEmpty, path.utf8.last != UInt8(ascii: "/") else { return nil }
        let isPlain = rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        // A path takes none of the characters that mean something in a route's template or in an authority.
        guard isPlain, Self.isAuthority(authority), !path.utf8.contains(where: { ":[]".utf8.contains($0) }),
            !path.split(separator: "/", omittingEmptySubsequences: false)
                .dropFirst().contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
        else { return nil }
        self.text = text
        self.authority = String(authority)
        self.path = String(path)
    }

    /// Host name, IPv4 address or bracketed IPv6 address, with an optional port from 1 to 65535.
    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            let address = text[text.index(after: text.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return false
            }
            host = text[text.index(after: end)...]
            guard !host.isEmpty else { return true }
            guard host.first == ":" else { return false }
        } else {
            host = text.prefix { $0 != ":" }
            guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" })
            else { return false }
            host = text[host.endIndex...]
            guard !host.isEmpty else { return true }
        }
        guard let port = UInt16(host.dropFirst()), port > 0 else { return false }
        return true
    }

    /// The port that the identifier names; `nil` when it leaves it to the scheme.
    package var port: Int? {
        let host = authority.hasPrefix("[") ? authority.drop { $0 != "]" } : authority[...]
        return host.lastIndex(of: ":").flatMap { Int(host[host.index(after: $0)...]) }
    }

    /// Whether the identifier names this machine only, so that plain http is no danger.
    package var isLoopback: Bool {
        let host =
            authority.hasPrefix("[") ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
        return host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}

extension String {
    /// The first place where `needle` stands.
    fileprivate func utf8Range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].utf8.starts(with: needle.utf8) {
                return start..<self.utf8.index(start, offsetBy: needle.utf8.count)
            }
            start = self.utf8.index(after: start)
        }
        return nil
    }
}
