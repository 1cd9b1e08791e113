import Foundation
import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("Reading from an LMDB store", .timeLimit(.minutes(2)))
struct ReadingTests {
    @Test func `A read is busy while every reader slot is taken, and succeeds when a slot is free`() async throws {
        let directory = TemporaryDirectory()
        var options = LMDBStore.Options()
        options.readers = 1
        let store = try LMDBStore.open(path: directory.path, options: options)
        defer { store.close() }
        let stop = Stop()
        async let held: Void = withCheckedContinuation { held in
            Thread.detachNewThread {
                _ = try? store.read { _ in stop.meet() }
                held.resume()
            }
        }
        await stop.reached()
        #expect(throws: StoreError(.busy, "")) { try store.read { _ in } }
        stop.lift()
        await held
        #expect(try store.read { _ in true })
    }

    @Test func `A read keeps its snapshot while other writes are committed`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let stop = Stop()
        async let counts: [Int] = withCheckedContinuation { counts in
            Thread.detachNewThread {
                let seen = try? store.read { reader in
                    let before = try reader.users(after: nil, limit: 10).count
                    stop.meet()
                    return [before, try reader.users(after: nil, limit: 10).count]
                }
                counts.resume(returning: seen ?? [])
            }
        }
        await stop.reached()
        try await store.write { try $0.insert(UserRecord.make()) }
        #expect(try store.read { try $0.users(after: nil, limit: 10) }.count == 1)
        stop.lift()
        #expect(await counts == [0, 0])
    }
}
