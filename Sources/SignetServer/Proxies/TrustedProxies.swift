// Code in this folder finds the client's address behind reverse proxies. It must not know routes or settings.

import SignetAPI

/// The proxies whose `X-Forwarded-For` header is trusted to name the client's address.
package struct TrustedProxies: Sendable, Equatable {
    /// No proxy is trusted: the client is always the peer of the connection.
    package static let none = TrustedProxies(ranges: [])

    let ranges: [AddressRange]

    init(ranges: [AddressRange]) { self.ranges = ranges }

    /// The client's address: the right-most address in `X-Forwarded-For` that does not belong to a trusted proxy.
    ///
    /// Each proxy appends the address from which it received the request. The client may have forged the addresses
    /// further to the left.
    /// - Parameters:
    ///   - peer: the address at the other end of the connection. If it is not a trusted proxy, it is the client's
    ///     address.
    ///   - forwardedFor: the values of all `X-Forwarded-For` headers in order.
    func client(peer: String, forwardedFor: [String]) -> String {
        guard trusts(peer) else { return peer }
        var client = peer
        for entry in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
            guard let address = NetworkAddress(forwarded: entry.trimmingBlanks()) else { break }
            client = address.text
            guard trusts(client) else { break }
        }
        return client
    }

    private func trusts(_ text: String) -> Bool {
        guard let address = NetworkAddress(text) else { return false }
        return ranges.contains { $0.contains(address) }
    }
}
