import Testing

@testable import StatusList

@Suite("Status lists")
struct StatusListTests {
    /// The first example of section 4.1 of draft-ietf-oauth-status-list.
    @Test func `have the bytes of the draft's example`() throws {
        var list = StatusList(count: 16)
        for index in [0, 3, 4, 5, 7, 8, 9, 13, 15] { list[index] = true }
        #expect(list == StatusList(bytes: [0xB9, 0xA3]))
        #expect(try list.compressed() == hex("78dadbb918000217015d"))
        #expect(try StatusList(inflating: hex("78dadbb918000217015d")) == list)
    }

    /// Appendix C.1 of draft-ietf-oauth-status-list: 2^20 entries with one bit each.
    @Test func `read the draft's vector of a million entries`() throws {
        let compressed = hex(
            """
            78daeddc010dc0200c0041a88249400ad2903e0f4b
            ba00bd93f002beb7a2a2010000a91e09000000000000000000000000000000807296
            04000000000000000000000000000000000000000000000000000000000000000000
            000000000000005c6f4800000000000000fc2c240000000000000000000000be1b12
            000000000000000000ecaa4b000000000000000000000000000000009b0b09000000
            00000000000038de9400000000000000002a30cc010000000080642f0bd8011b
            """)
        let list = try StatusList(inflating: compressed)
        #expect(list.count == 1 << 20)
        let expected = [0, 1993, 25460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345]
        #expect(list.setCount == expected.count)
        for index in expected { #expect(list[index]) }
        #expect(try StatusList(inflating: list.compressed()) == list)
    }

    @Test(arguments: [1, 7, 8, 9, 1000, 1 << 19])
    func `set and clear each bit without changing others`(count: Int) {
        var list = StatusList(count: count)
        #expect(list.count >= count && list.count < count + 8)
        for index in Set([0, count / 2, count - 1]) {
            list[index] = true
            #expect(list[index] && list.setCount == 1)
            list[index] = false
            #expect(list.setCount == 0)
        }
    }

    @Test func `refuse input that decompresses beyond the limit, however small it is`() throws {
        let bomb = try Zlib.deflate([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 128 << 10)
        #expect(throws: StatusListError.tooLarge) { try StatusList(inflating: bomb) }
        let list = try StatusList(count: 1024).compressed()
        #expect(throws: StatusListError.tooLarge) { try StatusList(inflating: list, maximumCount: 1016) }
        #expect(try StatusList(inflating: list, maximumCount: 1024).count == 1024)
    }

    @Test func `refuse input that is cut short or followed by other bytes`() throws {
        let good = try StatusList(count: 4096).compressed()
        for length in good.indices {
            #expect(throws: (any Error).self) { try StatusList(inflating: Array(good.prefix(length))) }
        }
        #expect(throws: StatusListError.malformed) { try StatusList(inflating: good + [0]) }
        var broken = good
        broken[broken.count - 1] ^= 1
        #expect(throws: StatusListError.malformed) { try StatusList(inflating: broken) }
        #expect(throws: StatusListError.empty) { try StatusList(inflating: Zlib.deflate([])) }
    }

    /// The argument is the share of revoked entries in a status list with 2^19 entries, as many as the issuer's lists
    /// have.
    @Test(arguments: [0.01, 0.1, 0.5])
    func `stay small with any number of revoked entries`(share: Double) throws {
        var list = StatusList(count: 1 << 19)
        var generator = SystemRandomNumberGenerator()
        for index in 0..<list.count where Double.random(in: 0..<1, using: &generator) < share { list[index] = true }
        let compressed = try list.compressed()
        print("status list of 2^19 entries, \(share * 100) % revoked: \(compressed.count) bytes compressed")
        // The status list token must be smaller than 150 kB. It encodes the list in base64url twice (`lst` in the
        // payload, and the payload in the JWS), which multiplies the size by 16/9. Everything else takes less than 2048
        // bytes.
        #expect(compressed.count * 16 / 9 + 2048 < 150_000)
    }

    private func hex(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
