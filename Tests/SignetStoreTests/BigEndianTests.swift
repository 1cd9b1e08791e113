import SignetStore
import Testing

@Suite("Big-endian integers")
struct BigEndianTests {
    @Test func `An integer's bytes begin with the most significant one`() {
        #expect(UInt8(0xAB).bigEndianBytes == [0xAB])
        #expect(UInt32(0x0102_03FF).bigEndianBytes == [1, 2, 3, 0xFF])
        #expect(UInt64(1).bigEndianBytes == [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(Int64(-2).bigEndianBytes == [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE])
    }

    @Test(arguments: [0, 1, 0x0102_0304, 0x8000_0000, .max] as [UInt32])
    func `An integer is read back from its bytes`(value: UInt32) {
        #expect(UInt32(bigEndianBytes: value.bigEndianBytes.span) == value)
        let signed = Int32(bitPattern: value)
        #expect(Int32(bigEndianBytes: signed.bigEndianBytes.span) == signed)
    }

    @Test func `An integer is read from no other number of bytes`() {
        for count in [0, 1, 3, 5, 8] {
            #expect(UInt32(bigEndianBytes: [UInt8](repeating: 1, count: count).span) == nil)
        }
    }

    @Test func `Bytes are appended behind those that are there`() {
        var bytes: [UInt8] = [9]
        bytes.appendBigEndian(UInt16(0x0102))
        #expect(bytes == [9, 1, 2])
    }
}
