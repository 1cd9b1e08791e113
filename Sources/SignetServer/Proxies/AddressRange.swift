/// All addresses that begin with the same bits, written `10.0.0.0/8`; one address alone is a range too (RFC 4632).
struct AddressRange: Sendable, Hashable {
    private let first: [UInt8]
    private let prefixLength: Int

    /// `nil` for what is no range, also when bits behind the prefix are set: most likely a slip.
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
