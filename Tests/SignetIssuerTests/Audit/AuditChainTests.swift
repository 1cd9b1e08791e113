import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AuditChainTests {
    @Test func `a record names the hash of the stored form of the record before`() async throws {
        let test = try IssuerFixture.make()
        try await test.store.write { writer in
            for _ in 0..<3 {
                try writer.make(AuditChain.change(for: AuditEvent(.login, by: .anonymous), at: WallClock.start))
            }
        }
        let (entries, head) = try test.store.read {
            (try $0.auditEntries(after: 0, limit: 9), try $0.auditState().head)
        }
        try #require(entries.count == 3)
        #expect(try entries[0].record().previousHash == AuditLink.start.hash)
        #expect(try entries[1].record().previousHash == AuditChain.hash(of: entries[0]))
        #expect(try entries[2].record().previousHash == AuditChain.hash(of: entries[1]))
        #expect(head == AuditLink(sequence: 3, hash: AuditChain.hash(of: entries[2])))
    }

    @Test func `a link is parsed from its text, in either case`() {
        let link = AuditLink(sequence: .max, hash: (0..<32).map { UInt8($0 * 8 + 7) })
        #expect(link.text.hasPrefix("18446744073709551615:070f17"))
        #expect(AuditLink(text: link.text) == link)
        #expect(AuditLink(text: link.text.uppercased()) == link)
    }

    @Test(arguments: [
        "", ":", "1", "1:", "1:ab", "x:" + String(repeating: "0", count: 64), "1:" + String(repeating: "g", count: 64),
        "+1:" + String(repeating: "0", count: 64), "18446744073709551616:" + String(repeating: "0", count: 64),
        "1:" + String(repeating: "0", count: 64) + ":", " 1:" + String(repeating: "0", count: 64),
        "1:" + String(repeating: "é", count: 32),
    ])
    func `any other text is not a link`(text: String) { #expect(AuditLink(text: text) == nil) }
}
