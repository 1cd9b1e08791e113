import Glibc

/// The network that an address belongs to: an IPv6 subscriber has 2⁶⁴ addresses, which count as one.
struct LoginNetwork: Sendable {
    /// An IPv6 address's first 64 bits; any other text as it is.
    let text: String

    init(address: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard address.utf8.contains(UInt8(ascii: ":")), unsafe inet_pton(AF_INET6, address, &bytes) == 1,
            // An IPv4 address in IPv6 clothes (RFC 4291 §2.5.5.2) stands for one host.
            !bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        else {
            text = address
            return
        }
        text = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}
