/// Computes how long an HTTP response may be cached (RFC 9111 section 4.2). A minimum and a maximum limit the lifetime
/// from its `Cache-Control` header.
package struct Freshness: Sendable, Hashable {
    package let bounds: ClosedRange<Duration>
    /// The lifetime of a response whose `Cache-Control` has no `max-age`.
    package let usual: Duration

    package init(bounds: ClosedRange<Duration>, usual: Duration) {
        self.bounds = bounds
        self.usual = usual
    }

    /// How long `response` may be used, counted from its arrival.
    ///
    /// `no-store`, `no-cache` and a malformed `max-age` give the minimum lifetime. If there are several `max-age`
    /// values, the shortest counts. `Age` is subtracted. `s-maxage` is ignored, because it is for shared caches.
    package func lifetime(of response: HTTPFetchResponse) -> Duration {
        lifetime(cacheControl: response.values(of: "cache-control"), age: response.values(of: "age").first)
    }

    package func lifetime(cacheControl: [String], age: String?) -> Duration {
        var shortest: Duration?
        for directive in cacheControl.flatMap({ $0.split(separator: ",") }) {
            let parts = directive.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            switch Self.trimmed(parts[0]).lowercased() {
            case "no-store", "no-cache": return bounds.lowerBound
            case "max-age":
                guard parts.count == 2, let seconds = Self.deltaSeconds(parts[1]) else { return bounds.lowerBound }
                shortest = min(shortest ?? seconds, seconds)
            default: break
            }
        }
        guard let shortest else { return usual }
        let spent = age.flatMap { Self.deltaSeconds($0[...]) } ?? .zero
        return min(max(shortest - spent, bounds.lowerBound), bounds.upperBound)
    }

    /// Reads a number of whole seconds, with or without quotation marks; returns `nil` for other text. A number above
    /// 2^31 counts as 2^31 (RFC 9111 section 1.2.2).
    private static func deltaSeconds(_ text: Substring) -> Duration? {
        var text = trimmed(text)
        if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 { text = text.dropFirst().dropLast() }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .seconds(min(Int64(text) ?? .max, 1 << 31))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
