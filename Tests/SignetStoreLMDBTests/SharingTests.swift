import Foundation
import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("One store in several processes", .serialized, .timeLimit(.minutes(5)))
struct SharingTests {
    @Test func `Three processes write and grow the map at the same time, and every write is found`() async throws {
        let directory = TemporaryDirectory()
        var options = LMDBStore.Options()
        options.initialMapSize = 64 << 10
        let store = try LMDBStore.open(path: directory.path, options: options)
        defer { store.close() }
        let children = [
            try StoreChildProcess("insert", directory.path, 1_000),
            try StoreChildProcess("insert", directory.path, 1_000),
        ]
        var seen = 0
        for _ in 0..<25 {
            for _ in 0..<20 { try await store.write { try $0.insert(UserRecord.make()) } }
            let count = try store.read { try $0.users(after: nil, limit: .max) }.count
            #expect(count > seen)
            seen = count
        }
        for child in children {
            #expect(child.waits(for: "closed"))
            #expect(child.status() == 0)
        }
        #expect(try store.read { try $0.users(after: nil, limit: .max) }.count == 2_500)
    }

    @Test func `A store opens while another process grows the map`() throws {
        let directory = TemporaryDirectory()
        try LMDBStore.open(path: directory.path).close()
        let environment = try LMDBEnvironment(path: directory.path, mapSize: 256 << 10, readers: 8)
        defer { environment.close() }
        let child = try StoreChildProcess("insert", directory.path, 2_000)
        #expect(child.waits(for: "closed"))
        try environment.openTables()
        #expect(environment.mapSize > 256 << 10)
    }

    @Test func `The kill of a writing process does not stop another process and loses no acknowledged write`()
        async throws
    {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        for _ in 0..<10 {
            let child = try StoreChildProcess("write", directory.path, 4)
            #expect(child.waits(for: "open"))
            try await store.write { try $0.insert(UserRecord.make()) }
            var last = ""
            for _ in 0..<Int.random(in: 1...50) { last = child.line() ?? last }
            child.kill()
            last = child.rest().last ?? last
            try await store.write { try $0.insert(UserRecord.make()) }
            let parts = last.split(separator: " ").compactMap { UInt64($0) }
            try #require(parts.count == 2)
            let family = try store.read { try $0.family(id: FamilyID(high: parts[0], low: 0)) }
            #expect(try #require(family).generation >= UInt32(parts[1]))
        }
    }

    @Test func `A killed reader does not keep pages from being reused`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let family = FamilyRecord.make()
        try await store.write { try $0.insert(family) }
        let child = try StoreChildProcess("hold", directory.path)
        #expect(child.waits(for: "holding"))
        child.kill()
        child.status()
        // The killed child process still occupies a slot of LMDB's reader table. Until the writer frees this slot after
        // 1024 commits, LMDB cannot reuse old pages, and the file grows. After that, the file must not grow.
        try await store.rotate(family.id, times: 1_200)
        let size = try directory.dataFileSize()
        try await store.rotate(family.id, times: 1_200)
        #expect(try directory.dataFileSize() == size)
    }
}

@Suite("Size of a store", .timeLimit(.minutes(2)))
struct SizeTests {
    @Test func `The file has the same size after 3000 rotations as after 100`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let family = FamilyRecord.make()
        try await store.write { try $0.insert(family) }
        try await store.rotate(family.id, times: 100)
        let size = try directory.dataFileSize()
        try await store.rotate(family.id, times: 2_900)
        #expect(try store.read { try $0.family(id: family.id) }?.generation == 3_000)
        #expect(try directory.dataFileSize() == size)
    }
}

extension LMDBStore {
    /// Rotates the family `id` (all refresh tokens of one login) `times` times, each time in its own commit. Each
    /// rotation moves the family's `idleExpiresAt` by one second.
    fileprivate func rotate(_ id: FamilyID, times: Int) async throws {
        for _ in 0..<times {
            try await write { writer in
                let family = try #require(try writer.family(id: id))
                try writer.update(family.rotated(idleExpiresAt: family.idleExpiresAt + .seconds(1)))
            }
        }
    }
}

extension TemporaryDirectory {
    /// The size of the store's data file in bytes.
    func dataFileSize() throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/data.mdb")
        return try #require(attributes[.size] as? Int)
    }
}
