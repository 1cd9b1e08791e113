/// One element of an `Accept` field: a media type or range, and how welcome it is (RFC 9110 section 12.5.1).
struct MediaPreference: Equatable {
    /// Lower-cased, without parameters.
    let type: String
    /// Thousandths, from 0 for "not at all" to 1000.
    let quality: Int

    /// The elements of one field line, in their order.
    static func list(_ text: String) -> [MediaPreference] {
        text.split(separator: ",").map(MediaPreference.init)
    }

    private init(_ element: Substring) {
        let parts = element.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        type = parts[0].lowercased()
        let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
        quality = weight.map { Self.thousandths($0.dropFirst(2)) } ?? 1000
    }

    /// Reads `qvalue`: 0 or 1 with at most three decimals. What is none makes its type unwelcome, so that the answer is
    /// the ordinary one.
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
