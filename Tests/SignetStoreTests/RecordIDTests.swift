import SignetStore
import Testing

@Suite("Record ids")
struct RecordIDTests {
    private let id = UserID(high: 0x0123_4567_89AB_4CDE, low: 0x8123_4567_89AB_CDEF)
    private let text = "01234567-89ab-4cde-8123-456789abcdef"

    @Test func `An id is written as a lower-case UUID, and read back`() {
        #expect(id.description == text)
        #expect(UserID(text) == id)
    }

    @Test(arguments: [
        "", "01234567-89AB-4cde-8123-456789abcdef", "0123456789ab4cde8123456789abcdef",
        "01234567-89ab-4cde-8123-456789abcdeg", "01234567-89ab-4cde-8123-456789abcde",
        "01234567-89ab-4cde-8123-456789abcdef0", "01234567-89ab-4cde-8123456789ab-cdef",
        "-1234567-89ab-4cde-8123-456789abcdef", "{01234567-89ab-4cde-8123-456789abcd}",
    ])
    func `Text in another form is no id`(text: String) {
        #expect(UserID(text) == nil)
    }

    @Test func `An id is read from 16 bytes, most significant first, and from no other number of bytes`() {
        #expect(id.bytes == [1, 35, 69, 103, 137, 171, 76, 222, 129, 35, 69, 103, 137, 171, 205, 239])
        #expect(UserID(bytes: id.bytes.span) == id)
        #expect(UserID(bytes: id.bytes.span.extracting(droppingLast: 1)) == nil)
        #expect(UserID(bytes: (id.bytes + [0]).span) == nil)
    }

    @Test func `Ids sort as their bytes do`() {
        let ids = (0..<200).map { _ in UserID.random() }
        #expect(ids.sorted().map(\.bytes) == ids.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func `Random ids are distinct UUIDs of version 4`() {
        let ids = (0..<200).map { _ in UserID.random() }
        #expect(ids.allSatisfy { $0.high >> 12 & 0xF == 4 && $0.low >> 62 == 0b10 })
        #expect(Set(ids).count == 200)
    }
}
