import Foundation
import Glibc
import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("Opening a store", .timeLimit(.minutes(5)))
struct OpeningTests {
    private let directory: TemporaryDirectory

    init() throws { directory = TemporaryDirectory() }

    private var dataFile: String { "\(directory.path)/data.mdb" }

    @Test func `A new store and its new directories are accessible to their owner only`() throws {
        let path = "\(directory.path)/a/b"
        try LMDBStore.open(path: path).close()
        #expect(try mode(of: "\(directory.path)/a") == 0o700)
        #expect(try mode(of: path) == 0o700)
        #expect(try mode(of: "\(path)/data.mdb") == 0o600)
        #expect(try mode(of: "\(path)/lock.mdb") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 2)
    }

    @Test func `A written record is found after closing and opening again`() async throws {
        let user = UserRecord.make()
        let first = try LMDBStore.open(path: directory.path)
        try await first.write { try $0.insert(user) }
        first.close()
        let second = try LMDBStore.open(path: "\(directory.path)/")
        defer { second.close() }
        #expect(try second.read { try $0.user(id: user.id) } == user)
    }

    @Test func `Without creation a directory without a store is refused and not changed`() throws {
        let path = "\(directory.path)/a"
        #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: path, creating: false) }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: directory.path, creating: false) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        try LMDBStore.open(path: directory.path).close()
        try LMDBStore.open(path: directory.path, creating: false).close()
    }

    @Test func `A directory that every user may write to is refused and not changed`() throws {
        try #require(unsafe chmod(directory.path, 0o777) == 0)
        #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: directory.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        try #require(unsafe chmod(directory.path, 0o770) == 0)
        try LMDBStore.open(path: directory.path).close()
    }

    @Test func `The file of an interrupted creation is replaced`() throws {
        try Data("half".utf8).write(to: URL(fileURLWithPath: "\(directory.path)/data.mdb.new"))
        try LMDBStore.open(path: directory.path).close()
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/data.mdb.new"))
    }

    @Test func `A process cannot open a directory twice at the same time, by whatever path`() throws {
        let store = try LMDBStore.open(path: directory.path)
        let link = "\(directory.path)-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        for path in [directory.path, link, "\(directory.path)/."] {
            #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: path) }
        }
        // The refused attempts must not have released the file locks of `store`. LMDB needs these locks if the child
        // process uses the store at the same time.
        let child = try StoreChildProcess("insert", directory.path, 4)
        #expect(child.waits(for: "closed"))
        #expect(try store.read { try $0.users(after: nil, limit: 10) }.count == 4)
        store.close()
        try LMDBStore.open(path: link).close()
    }

    @Test func `A store that was released without closing can be opened again`() async throws {
        var store: LMDBStore? = try LMDBStore.open(path: directory.path)
        try await store?.write { try $0.insert(UserRecord.make()) }
        store = nil
        try #require(try await eventually { try usersAfterOpening() != nil })
        #expect(try usersAfterOpening() == 1)
    }

    @Test func `A path that cannot be a directory is inaccessible`() throws {
        let file = "\(directory.path)/file"
        try Data("content".utf8).write(to: URL(fileURLWithPath: file))
        for path in [file, "\(file)/below", "/proc/signet", "", "a\0b"] {
            #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: path) }
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "content")
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func `A directory without the right to write is inaccessible`() throws {
        unsafe chmod(directory.path, 0o500)
        defer { unsafe chmod(directory.path, 0o700) }
        #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: directory.path) }
    }

    @Test func `A data file that is a directory is inaccessible`() throws {
        try FileManager.default.createDirectory(atPath: dataFile, withIntermediateDirectories: false)
        #expect(throws: StoreError(.inaccessible, "")) { try LMDBStore.open(path: directory.path) }
    }

    // MARK: - Damage

    @Test(arguments: [0, 1, 151, 152, 4_095, 4_096, 4_247, 4_248, 8_191, 8_192, 12_288, 40_000])
    func `A truncated data file is corrupt and is not changed`(length: Int) async throws {
        var bytes = try await filledStore()
        try #require(bytes.count > 45_000)
        bytes = bytes.prefix(length)
        try expectRefusal(.corrupt, of: bytes)
    }

    @Test func `A data file without its last used page is corrupt`() async throws {
        let bytes = try await filledStore()
        var refused = 0
        for pages in 2..<bytes.count / 4_096 {
            try write(bytes.prefix(pages * 4_096))
            // The file now ends after `pages` pages. If a used page is missing, the store must be refused as corrupt
            // (`users` is `nil`). Otherwise all 60 users must be there.
            let users = try usersAfterOpening(unless: .corrupt)
            #expect(users == 60 || users == nil)
            if users == nil { refused += 1 }
        }
        #expect(refused > 10)
    }

    @Test(arguments: [
        Data("not a store".utf8), Data(repeating: 0, count: 65_536), Data(repeating: 0xFF, count: 65_536),
        Data("SQLite format 3\0".utf8) + Data(repeating: 1, count: 20_000),
    ])
    func `A file of another kind is corrupt and is not changed`(bytes: Data) throws {
        try expectRefusal(.corrupt, of: bytes)
    }

    @Test func `A store with an overwritten page is corrupt, or unchanged if the page is unused`() async throws {
        let bytes = try await filledStore()
        var refused = 0
        for page in 0..<bytes.count / 4_096 {
            var damaged = bytes
            damaged.replaceSubrange(page * 4_096..<(page + 1) * 4_096, with: Data(repeating: 0xA5, count: 4_096))
            try write(damaged)
            let users = try usersAfterOpening(unless: .corrupt)
            #expect(users == 60 || users == nil)
            if users == nil { refused += 1 }
        }
        #expect(refused > 10)
    }

    @Test func `An LMDB file of another program is corrupt and is not changed`() throws {
        let environment = try LMDBEnvironment(path: dataFile, mapSize: 1 << 20, readers: 1, privateFile: true)
        environment.close()
        try expectRefusal(.corrupt, of: try Data(contentsOf: URL(fileURLWithPath: dataFile)))
    }

    @Test(arguments: [
        ([0, 0, 0, 5], StoreError.Code.newerVersion), ([0xFF, 0, 0, 0], .newerVersion), ([0, 0, 0, 0], .corrupt),
        ([0, 0, 1], .corrupt),
    ])
    func `A store of an unknown format is refused and not changed`(value: [UInt8], code: StoreError.Code) throws {
        let environment = try LMDBEnvironment(path: dataFile, mapSize: 1 << 20, readers: 1, privateFile: true)
        try environment.createTables()
        try environment.put(value, for: StoreFormat.key, in: .meta)
        environment.close()
        try expectRefusal(code, of: try Data(contentsOf: URL(fileURLWithPath: dataFile)))
    }

    @Test(arguments: [1, 2, 3] as [UInt32])
    func `A store of an older format gets the tables of later formats and keeps its records`(
        format: UInt32
    ) async throws {
        let user = UserRecord.make()
        let environment = try LMDBEnvironment(path: dataFile, mapSize: 1 << 20, readers: 1, privateFile: true)
        try environment.createTables(of: format)
        try environment.put(try user.encoded(), for: user.id.bytes, in: .users)
        environment.close()
        for number in 1...2 {
            let store = try LMDBStore.open(path: directory.path)
            defer { store.close() }
            #expect(try store.read { try $0.user(id: user.id) } == user)
            #expect(try await store.write { try $0.appendAudit() }.sequence == UInt64(number))
            _ = try await store.write { try $0.allocateStatusListIndex() }
            #expect(try store.read { try $0.statusListCount() } == 1)
            // `sweep` fails if an index table is missing. So opening the store must have added the tables of later
            // formats.
            #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 0), limit: 10) } == 0)
        }
    }

    @Test func `A store without a table of its format is corrupt`() throws {
        let environment = try LMDBEnvironment(path: dataFile, mapSize: 1 << 20, readers: 1, privateFile: true)
        try environment.createTables(of: 1)
        try environment.put(StoreFormat.value(of: StoreFormat.current), for: StoreFormat.key, in: .meta)
        environment.close()
        try expectRefusal(.corrupt, of: try Data(contentsOf: URL(fileURLWithPath: dataFile)))
    }

    @Test func `A record of a newer version is reported as newer, not as damaged`() async throws {
        let user = UserRecord.make()
        let environment = try LMDBEnvironment(path: dataFile, mapSize: 1 << 20, readers: 1, privateFile: true)
        try environment.createTables()
        try environment.put([.max, 0], for: user.id.bytes, in: .users)
        environment.close()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        #expect(throws: StoreError(.newerVersion, "")) { try store.read { try $0.user(id: user.id) } }
    }

    // MARK: - Files

    /// Returns the data file of a store with 60 users. Some user records are larger than a page.
    private func filledStore() async throws -> Data {
        let store = try LMDBStore.open(path: directory.path)
        try await store.write { writer in
            for number in 0..<60 {
                let length = number.isMultiple(of: 10) ? 9_000 : 900
                try writer.insert(UserRecord.make(passwordHash: String(repeating: "h", count: length)))
            }
        }
        store.close()
        return try Data(contentsOf: URL(fileURLWithPath: dataFile))
    }

    /// Opens the store, counts its users and closes it. Returns `nil` if opening or reading throws the error code
    /// `refusal`.
    private func usersAfterOpening(unless refusal: StoreError.Code = .inaccessible) throws -> Int? {
        do {
            let store = try LMDBStore.open(path: directory.path)
            defer { store.close() }
            return try store.read { try $0.users(after: nil, limit: .max) }.count
        } catch let error as StoreError where error.code == refusal {
            return nil
        }
    }

    private func write(_ bytes: Data) throws {
        try bytes.write(to: URL(fileURLWithPath: dataFile))
    }

    private func expectRefusal(_ code: StoreError.Code, of bytes: Data) throws {
        try write(bytes)
        #expect(throws: StoreError(code, "")) { try LMDBStore.open(path: directory.path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: dataFile)) == bytes)
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}

extension LMDBEnvironment {
    /// Stores one value in a transaction of its own.
    fileprivate func put(_ value: [UInt8], for key: [UInt8], in table: Table) throws {
        try write { transaction throws(LMDBCode) in
            try transaction.run { (try? $0.put(value, for: key, in: table)) != nil }
        }
    }
}
