import SignetClient
import Testing

@Suite("The stamp of a storage")
struct StorageStampTests {
    @Test func `is equal to a stamp of an equal value of any type`() {
        #expect(StorageStamp("1") == StorageStamp("1"))
        #expect(StorageStamp("1") != StorageStamp("2"))
        #expect(StorageStamp("1") != StorageStamp(1))
        #expect(Set([StorageStamp(1), StorageStamp(1), StorageStamp(2)]).count == 2)
    }

    @Test func `is constant for a storage without an implementation`() {
        let storage = MemoryTokenStorage()
        #expect(storage.stamp() != nil)
        #expect(storage.stamp() == storage.stamp())
    }
}
