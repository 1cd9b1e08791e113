package import SignetStore

extension AuditLink {
    /// The text form, `SEQUENCE:HASH` with the hash in hexadecimal: what operators note down and hand back.
    package var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return "\(sequence):\(String(decoding: hex, as: UTF8.self))"
    }

    /// Reads the text form, in lower or upper case; `nil` for anything else.
    package init?(text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...20).contains(parts[0].count), parts[1].count == 2 * Self.hashLength,
            parts[0].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let sequence = UInt64(Substring(parts[0]))
        else { return nil }
        let digits = parts[1].compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.hashLength else { return nil }
        self.init(
            sequence: sequence,
            hash: stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
