/// Sizes as operators write them: a whole number and a unit, `KiB`, `MiB` or `GiB`.
package enum SizeText {
    /// Reads `512KiB`, `256MiB` or `2GiB` as bytes; `nil` for anything else and for what exceeds 1024 TiB.
    package static func parse(_ text: String) -> Int? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(digits)
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow || bytes > 1 << 50 ? nil : bytes
    }

    /// The text form in the largest unit that leaves no rest.
    package static func text(_ bytes: Int) -> String {
        let unit = units.last { bytes.isMultiple(of: $0.bytes) && bytes >= $0.bytes }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes) bytes"
    }

    private static let units = [
        (name: "KiB", bytes: 1 << 10), (name: "MiB", bytes: 1 << 20), (name: "GiB", bytes: 1 << 30),
    ]
}
