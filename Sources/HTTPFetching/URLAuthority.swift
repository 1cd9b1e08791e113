/// The host and port of an `http` or `https` URL (RFC 3986 section 3.2). User information is refused.
package struct URLAuthority: Sendable, Hashable {
    /// The host and the port as written in the URL.
    package let text: String
    /// The host in lower case. An IPv6 address has no brackets.
    package let host: String
    /// The port, 1 to 65535; `nil` if the URL names no port.
    package let port: Int?

    /// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
    ///
    /// In brackets, any text of hexadecimal digits, periods and at least one colon counts as an IPv6 address.
    /// - Returns: `nil` if the host is empty or has a forbidden character, if the brackets contain no IPv6 address, if
    ///   the port is not a number from 1 to 65535, or if there is user information (`user@`).
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

    /// Whether the host is this machine: `localhost`, `::1`, or an address in 127.0.0.0/8 such as `127.0.0.1`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                guard let value = UInt8(octet) else { return false }
                return String(value) == octet
            }
    }

    /// Reads the port after the colon in `text`; returns `nil` unless the port is a number from 1 to 65535.
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
