import Foundation
import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("One store, several processes", .serialized)
struct SharingTests {
    @Test func `Three processes write at once, growing the map in turns, and every write is there`() async throws {
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

    @Test func `A store opens although another process grows the map meanwhile`() throws {
        let directory = TemporaryDirectory()
        try LMDBStore.open(path: directory.path).close()
        let environment = try LMDBEnvironment(path: directory.path, mapSize: 256 << 10, readers: 8)
        defer { environment.close() }
        let child = try StoreChildProcess("insert", directory.path, 2_000)
        #expect(child.waits(for: "closed"))
        try environment.openTables()
        #expect(environment.mapSize > 256 << 10)
    }

    @Test func `A process killed while it writes stops nobody else, and keeps what it acknowledged`() async throws {
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

    @Test func `A killed reader does not keep pages from being used again`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let family = FamilyRecord.make()
        try await store.write { try $0.insert(family) }
        let child = try StoreChildProcess("hold", directory.path)
        #expect(child.waits(for: "holding"))
        child.kill()
        child.status()
        // Until its slot is found dead, every commit takes new pages; from then on the file has its size.
        try await store.rotate(family.id, times: 1_200)
        let size = try directory.dataFileSize()
        try await store.rotate(family.id, times: 1_200)
        #expect(try directory.dataFileSize() == size)
    }
}

@Suite("The size of a store")
struct SizeTests {
    @Test func `Three thousand rotations leave the file as it was after the first hundred`() async throws {
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
    /// Rotates a family, one commit each, its idle end moving along.
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
    /// Bytes of the store's data file.
    func dataFileSize() throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/data.mdb")
        return try #require(attributes[.size] as? Int)
    }
}
