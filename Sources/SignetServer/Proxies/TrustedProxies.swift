/// The proxies whose word on where a request came from is taken.
package struct TrustedProxies: Sendable, Equatable {
    /// Nobody's word is taken.
    package static let none = TrustedProxies(ranges: [])

    let ranges: [AddressRange]

    init(ranges: [AddressRange]) { self.ranges = ranges }

    /// Where a request came from: the right-most address of `X-Forwarded-For` that is no trusted proxy's.
    ///
    /// Every proxy appends whom it heard from, hence what stands further to the left is hearsay: anybody may send it.
    /// - Parameters:
    ///   - peer: the other end of the connection. Unless it is trusted, it is the answer.
    ///   - forwardedFor: the values of all `X-Forwarded-For` headers in their order.
    func client(peer: String, forwardedFor: [String]) -> String {
        guard trusts(peer) else { return peer }
        var client = peer
        for entry in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
            let text = entry.drop { $0 == " " }.prefix { $0 != " " }
            guard let address = NetworkAddress(forwarded: text) else { break }
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
