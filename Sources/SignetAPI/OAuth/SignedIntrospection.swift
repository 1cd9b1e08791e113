/// Chooses between a JSON and a signed JWT response to introspection (RFC 9701 section 4).
enum SignedIntrospection {
    static let mediaType = "application/token-introspection+jwt"

    /// Whether the client prefers a signed JWT to JSON as the introspection response.
    ///
    /// `Accept` must name the media type of the signed JWT with a higher quality than `application/json` (RFC 9110
    /// section 12.5.1). Equal qualities and ranges such as `*/*` select JSON.
    /// - Parameter accept: the values of all `Accept` headers.
    static func isWanted(by accept: [String]) -> Bool {
        let preferences = accept.flatMap(MediaPreference.list)
        func quality(of type: String) -> Int { preferences.first { $0.type == type }?.quality ?? 0 }
        return quality(of: mediaType) > quality(of: "application/json")
    }
}

/// One media type or range of an `Accept` header with its quality (RFC 9110 section 12.5.1).
struct MediaPreference: Equatable {
    /// The media type or range, in lower case and without parameters.
    let type: String
    /// The weight `q` in thousandths, from 0 (not acceptable) to 1000 (the default).
    let quality: Int

    /// Reads the media types of one `Accept` header, in the order of the header.
    static func list(_ text: String) -> [MediaPreference] {
        text.split(separator: ",").map(MediaPreference.init)
    }

    private init(_ element: Substring) {
        let parts = element.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        type = parts[0].lowercased()
        let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
        quality = weight.map { Self.thousandths($0.dropFirst(2)) } ?? 1000
    }

    /// Reads a `qvalue`: a number from 0 to 1 with at most three decimals. An invalid value counts as 0.
    private static func thousandths(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : ""
        guard ["0", "1"].contains(parts[0]), decimals.utf8.count <= 3,
            decimals.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let value = Int(parts[0] + decimals + String(repeating: "0", count: 3 - decimals.utf8.count)), value <= 1000
        else { return 0 }
        return value
    }
}
