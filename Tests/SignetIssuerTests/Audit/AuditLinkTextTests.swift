import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AuditLinkTextTests {
    @Test func `a link reads back from its text, in either case`() {
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
    func `any other text is none`(text: String) { #expect(AuditLink(text: text) == nil) }
}
