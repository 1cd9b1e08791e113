import Foundation
import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("Growth of an LMDB store", .timeLimit(.minutes(10)))
struct GrowthTests {
    private let directory: TemporaryDirectory

    init() throws { directory = TemporaryDirectory() }

    @Test func `A family takes the same space after a million rotations as after the first`() async throws {
        let store = try LMDBStore.open(path: directory.path)
        let family = FamilyRecord.make(
            expiresAt: Timestamp(milliseconds: .max), idleExpiresAt: Timestamp(seconds: 2_000))
        try await store.write { try $0.insert(family) }
        try await Self.rotate(family.id, times: 1, in: store)
        // LMDB reuses a replaced page only two commits later, so the file grows at first. After eight commits its size
        // is steady.
        for _ in 0..<8 { try await store.write { try $0.update(try #require(try $0.family(id: family.id))) } }
        let first = try pages()
        let (batches, batchSize) = (250, 4_000)
        for _ in 0..<batches { try await Self.rotate(family.id, times: batchSize, in: store) }
        let last = try pages()
        #expect(try store.read { try $0.family(id: family.id)?.generation } == UInt32(batches * batchSize + 1))
        #expect(last.used == first.used)
        #expect(last.fileSize == first.fileSize)
        // A sweep finds expired records in the index by expiry. A million rotations of one family must leave one row in
        // this index, so ten sweeps together handle one row.
        let end = Timestamp(milliseconds: .max)
        var handled = 0
        for _ in 0..<10 { handled += try await store.write { try $0.sweep(at: end, limit: 10) } }
        #expect(handled == 1)
        store.close()
    }

    @Test func `The pages of trimmed audit records are reused`() async throws {
        let store = try LMDBStore.open(path: directory.path)
        func append(_ count: Int) async throws {
            try await store.write { writer in for _ in 0..<count { try writer.appendAudit(subject: .random()) } }
        }
        func turnOver(_ rounds: Int) async throws {
            for _ in 0..<rounds {
                try await append(500)
                let removed = try await store.write { writer in
                    try writer.trimAudit(
                        before: Timestamp(seconds: 9_999), at: Timestamp(milliseconds: .max), downTo: .max, limit: 500)
                }
                #expect(removed == 500)
            }
        }
        try await append(4_000)
        let first = try pages()
        try await turnOver(10)
        let middle = try pages()
        try await turnOver(20)
        let last = try pages()
        #expect(try store.read { try $0.auditState().count } == 4_000)
        // The audit log's index by subject has random keys, so removals leave gaps in its pages. The store has as many
        // records as at the beginning, but may use up to 1.5 times as many pages.
        #expect(last.used <= first.used * 3 / 2)
        #expect(last.fileSize <= middle.fileSize * 6 / 5)
        // Trimming relies on the store's estimate of the audit log's size, which ignores gaps in pages. So the estimate
        // need not equal the used pages, but must be 60 % to 110 % of them.
        let estimated = try store.read { Double(try $0.auditState().byteCount) } / 4_096
        #expect((0.6...1.1).contains(estimated / Double(first.used)))
        store.close()
    }

    private static func rotate(_ id: FamilyID, times: Int, in store: LMDBStore) async throws {
        try await store.write { writer in
            var family = try #require(try writer.family(id: id))
            for _ in 0..<times {
                family = family.rotated(idleExpiresAt: family.idleExpiresAt + .milliseconds(1))
                try writer.update(family)
            }
        }
    }

    /// Returns the number of pages that the last commit uses, and the size of the data file in bytes.
    private func pages() throws -> (used: UInt64, fileSize: Int) {
        let file = try DataFile(path: "\(directory.path)/data.mdb")
        let meta = try #require(try file.metaPages().max { $0.transactionID < $1.transactionID })
        var check = StructureCheck(meta: meta, byteCount: try file.byteCount) { page, count throws(StoreError) in
            try file.read(count * meta.pageSize, at: page * UInt64(meta.pageSize))
        }
        try check.run()
        return (check.visited, try file.byteCount)
    }
}
