import JOSE
import Testing

@Suite("Base64url")
struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy"),
    ])
    func `encodes and decodes the texts of RFC 4648 §10 without padding`(plain: String, encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
    }

    @Test func `encodes and decodes the example of RFC 7515 appendix C`() {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64URL.decode("A-z_4ME".utf8) == [3, 236, 255, 224, 193])
    }

    @Test func `decodes every byte that it encoded, at every position of a group`() {
        for length in 0...4 {
            for position in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: 0xA5, count: length)
                    bytes[position] = byte
                    #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
                }
            }
        }
    }

    @Test func `decodes exactly the canonical texts among all texts of two and three characters`() {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for (value, character) in alphabet.enumerated() {
            #expect((Base64URL.decode([UInt8(ascii: "A"), character]) != nil) == (value & 0x0F == 0))
            #expect((Base64URL.decode(Array("AA".utf8) + [character]) != nil) == (value & 0x03 == 0))
        }
    }

    @Test func `refuses every byte outside the alphabet at every position`() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min...UInt8.max where !alphabet.contains(byte) {
            for length in 2...8 where length % 4 != 1 {
                for position in 0..<length {
                    var text = [UInt8](repeating: UInt8(ascii: "A"), count: length)
                    text[position] = byte
                    #expect(Base64URL.decode(text) == nil)
                }
            }
        }
    }

    @Test(arguments: [
        "Zg==", "Zm8=", "=", "Zm9v=", "Zm9v\n", " Zm9v", "Zm 9v", "A+z/4ME", "Z", "Zm9vY", "Zh", "Zm9", "Zm9vYh",
    ])
    func `refuses other spellings`(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
