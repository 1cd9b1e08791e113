package import HTTPFetching

/// An issuer identifier (RFC 8414 section 2), split into scheme, authority and path.
package struct IssuerIdentifier: Sendable, Equatable {
    /// The identifier as the operator wrote it. Verifiers compare the identifier byte for byte.
    package let text: String
    package let scheme: String
    package let authority: URLAuthority
    /// The path of the identifier's URL. It is empty, or it starts with `/` and does not end with `/`.
    package let path: String

    /// Parses an absolute `https` or `http` URL of at most 1024 ASCII bytes without user information, query, fragment
    /// and trailing slash; `nil` for any other text.
    package init?(_ text: String) {
        guard text.utf8.count <= 1024, let separator = text.utf8Range(of: "://") else { return nil }
        scheme = String(text[..<separator.lowerBound])
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[separator.upperBound...]
        let authorityText = rest.prefix { $0 != "/" }
        let path = rest[authorityText.endIndex...]
        guard let authority = URLAuthority(authorityText), !authority.host.contains("~"),
            path.utf8.last != UInt8(ascii: "/")
        else { return nil }
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
        // The path must not contain `:`, `[` or `]`, which the authority may contain, and no empty, `.` or `..`
        // segment.
        guard isPlain, !path.utf8.contains(where: { ":[]".utf8.contains($0) }),
            !path.split(separator: "/", omittingEmptySubsequences: false)
                .dropFirst().contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
        else { return nil }
        self.text = text
        self.authority = authority
        self.path = String(path)
    }

    /// The port that the identifier names; `nil` for the default port of the scheme.
    package var port: Int? { authority.port }

    /// Whether the host is a loopback host. For a loopback host, `http` is safe, because requests do not leave the
    /// machine.
    package var isLoopback: Bool { authority.isLoopback }
}

extension String {
    /// The range of the first occurrence of `needle`; `nil` if the text does not contain it.
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
