import JOSE
import Testing

@Suite("Base64")
struct Base64Tests {
    /// Bytes and their Base64 text: the vectors of RFC 4648 section 10, and two texts with `+` and `/`.
    private static let spellings: [([UInt8], String)] = [
        ([], ""), (Array("f".utf8), "Zg=="), (Array("fo".utf8), "Zm8="), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg=="), (Array("fooba".utf8), "Zm9vYmE="), (Array("foobar".utf8), "Zm9vYmFy"),
        ([0xFB, 0xFF, 0xBF], "+/+/"), ([0xFF], "/w=="),
    ]

    @Test(arguments: spellings)
    func `encodes and decodes each byte string in one spelling`(bytes: [UInt8], text: String) {
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(Array(text.utf8)[...]) == bytes)
    }

    @Test(arguments: [("Zh==", "f"), ("Zm9=", "fo"), ("Zm+=", "fo")])
    func `ignores non-zero bits after the last byte`(text: String, decoded: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == Array(decoded.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "Zm9v=", "=Zm9", "Z===", "-_-_", "Zm 9", "Zm9v\n", "Zg==Zg=="])
    func `refuses every other spelling`(text: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == nil)
    }
}
