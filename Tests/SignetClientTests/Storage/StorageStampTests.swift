import SignetClient
import Testing

@Suite("The stamp of a storage")
struct StorageStampTests {
    @Test func `is equal to others of an equal value, whatever that is`() {
        #expect(StorageStamp("1") == StorageStamp("1"))
        #expect(StorageStamp("1") != StorageStamp("2"))
        #expect(StorageStamp("1") != StorageStamp(1))
        #expect(Set([StorageStamp(1), StorageStamp(1), StorageStamp(2)]).count == 2)
    }

    @Test func `is always the same for a storage that says nothing`() {
        let storage = MemoryTokenStorage()
        #expect(storage.stamp() != nil)
        #expect(storage.stamp() == storage.stamp())
    }
}
