import RSAVerification
package import SignetStore

/// The hash chain of the audit log: each record contains the hash of the record before it.
package enum AuditChain {
    private static let domain = Array("signet audit record v1".utf8)

    /// SHA-256 over the record's sequence number and stored form. The stored form contains the hash of the record
    /// before, so the result commits to every record up to this one.
    package static func hash(of entry: AuditEntry) -> [UInt8] {
        let sequence = (0..<8).map { UInt8(truncatingIfNeeded: entry.sequence >> (56 - 8 * $0)) }
        return SHA256.digest(domain + sequence + entry.bytes)
    }

    /// The change that appends a record to the log.
    /// - Parameters:
    ///   - time: when the event happened.
    ///   - count: how many events the record stands for, at least 1.
    static func change(for event: AuditEvent, at time: Timestamp, count: UInt32 = 1) -> StoreChange {
        .appendAudit(
            AuditDraft(
                time: time, type: event.type, actor: event.actor, subject: event.subject, familyID: event.familyID,
                object: event.object, address: event.source.address, userAgent: event.source.device,
                outcome: event.outcome, reason: event.reason, count: count, hash: hash(of:)))
    }
}

extension AuditLink {
    /// The link (a sequence number and a hash) as text: the number in decimal, a colon, and the hash in lower-case
    /// hexadecimal.
    package var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return "\(sequence):\(String(decoding: hex, as: UTF8.self))"
    }

    /// Parses the text form: a decimal sequence number, a colon, and a hexadecimal hash in upper or lower case. Returns
    /// `nil` for any other text.
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
