import Testing

@testable import SignetServer

@Suite("Sizes as operators write them")
struct SizeTextTests {
    @Test(arguments: [
        ("16KiB", 16 << 10), ("256MiB", 256 << 20), ("4GiB", 4 << 30), ("0KiB", 0), ("1048576GiB", 1 << 50),
    ])
    func reads(text: String, bytes: Int) { #expect(SizeText.parse(text) == bytes) }

    @Test(arguments: [
        "", "KiB", "1", "1KB", "1kib", " 1KiB", "1 KiB", "-1KiB", "+1KiB", "1.5GiB", "1048577GiB",
        "99999999999999999999GiB", "١GiB",
    ])
    func refuses(text: String) { #expect(SizeText.parse(text) == nil) }

    @Test func `A size is told in the largest unit that fits`() {
        #expect(SizeText.text(16 << 20) == "16MiB")
        #expect(SizeText.text(1 << 40) == "1024GiB")
        #expect(SizeText.text(1536 << 10) == "1536KiB")
        #expect(SizeText.text(7) == "7 bytes")
    }
}
