import Glibc

/// An IPv4 or IPv6 address.
struct NetworkAddress: Sendable, Hashable {
    /// The bytes of the address: 4 for IPv4, 16 for IPv6. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is
    /// stored as IPv4.
    let bytes: [UInt8]

    /// Reads an IP address in its usual text form, without a port; `nil` for any other text.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64 else { return nil }
        let text = String(text)
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
        } else if unsafe inet_pton(AF_INET6, text, &sixteen) == 1 {
            let isMapped = sixteen.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
            bytes = isMapped ? Array(sixteen.suffix(4)) : sixteen
        } else {
            return nil
        }
    }

    /// Reads an entry of `X-Forwarded-For`: an address, or an address and a port as in `192.0.2.1:80` or
    /// `[2001:db8::1]:80`; `nil` for any other text. An IPv6 address may have brackets without a port.
    init?(forwarded text: Substring) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let address = text[..<end].dropFirst()
            let rest = text[end...].dropFirst()
            guard address.utf8.contains(UInt8(ascii: ":")), rest.isEmpty || Self.isPort(rest) else { return nil }
            self.init(address)
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            let address = text.prefix { $0 != ":" }
            guard Self.isPort(text.dropFirst(address.count)) else { return nil }
            self.init(address)
        } else {
            self.init(text)
        }
    }

    /// Whether a text is a colon and a port number.
    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: ":")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && UInt16(text.dropFirst()) != nil
    }

    /// The canonical text form: lower case, with the longest run of zeros shortened (RFC 5952).
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A range of addresses in CIDR notation (RFC 4632), such as `10.0.0.0/8`, or a single address.
struct AddressRange: Sendable, Hashable {
    private let first: [UInt8]
    private let prefixLength: Int

    /// Reads an address range such as `10.0.0.0/8`, or a single address; `nil` for any other text. Bits after the
    /// prefix must be zero: `10.0.0.1/8` is refused as a likely typo.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = NetworkAddress(parts[0]) else { return nil }
        first = address.bytes
        let width = first.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let length = Int(parts[1]), length <= width
            else { return nil }
            prefixLength = length
        } else {
            prefixLength = width
        }
        guard (prefixLength..<width).allSatisfy({ !Self.bit($0, of: first) }) else { return nil }
    }

    func contains(_ address: NetworkAddress) -> Bool {
        address.bytes.count == first.count
            && (0..<prefixLength).allSatisfy { Self.bit($0, of: address.bytes) == Self.bit($0, of: first) }
    }

    private static func bit(_ index: Int, of bytes: [UInt8]) -> Bool { bytes[index / 8] & (0x80 >> (index % 8)) != 0 }
}
