/// The host and port of an `http` or `https` URL (RFC 3986 section 3.2). User information is refused.
package struct URLAuthority: Sendable, Hashable {
    /// Host and port as written.
    package let text: String
    /// Lower-cased; without brackets for an IPv6 address.
    package let host: String
    /// 1 to 65535; `nil` if the URL leaves the port to its scheme.
    package let port: Int?

    /// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
    /// - Returns: `nil` for an empty host, user information, a port that is no number from 1 to 65535, and brackets around
    ///   anything but an IPv6 address: hexadecimal digits, `.` and at least one `:`.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        guard !text.contains("@") else { return nil }
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"), host.utf8.allSatisfy({ Self.isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return nil
            }
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
            guard !host.isEmpty, !host.contains(where: { "[]%,;/?#\\".contains($0) }) else { return nil }
        }
        if rest.isEmpty {
            port = nil
        } else {
            guard let number = Self.port(rest) else { return nil }
            port = number
        }
        self.text = text
        self.host = host.lowercased()
    }

    /// Whether the host is this machine: `localhost`, an address in 127.0.0.0/8 in its usual spelling, or `::1`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                guard let value = UInt8(octet) else { return false }
                return String(value) == octet
            }
    }

    /// - Parameter text: a colon and up to five digits.
    private static func port(_ text: Substring) -> Int? {
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), digits.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return port
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
