import Foundation
import SignetStore
import StoreContract
import Synchronization
import TestSupport
import Testing

@testable import SignetStoreLMDB

@Suite("Writing to an LMDB store", .timeLimit(.minutes(5)))
struct WritingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = TemporaryDirectory() }

    private func open(_ configure: (inout LMDBStore.Options) -> Void = { _ in }) throws -> LMDBStore {
        var options = LMDBStore.Options()
        configure(&options)
        return try LMDBStore.open(path: directory.path, options: options)
    }

    @Test func `Writes beyond the queue limit are busy, and queued ones are committed`() async throws {
        let store = try open { $0.waitingWrites = 4 }
        defer { store.close() }
        let stop = Stop()
        async let stopped: Void = store.write { _ in stop.meet() }
        await stop.reached()
        let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
            for _ in 0..<10 {
                group.addTask { await code { try await store.write { try $0.insert(UserRecord.make()) } } }
            }
            var codes: [StoreError.Code?] = []
            for await code in group {
                codes.append(code)
                // The queue has room for four of the ten writes. The store refuses the other six at once. When all six
                // are refused, `stop.lift()` unblocks the writer, and the store commits the four.
                if codes.count == 6 { stop.lift() }
            }
            return codes
        }
        try await stopped
        #expect(codes == [.busy, .busy, .busy, .busy, .busy, .busy, nil, nil, nil, nil])
        #expect(try store.read { try $0.users(after: nil, limit: 10) }.count == 4)
    }

    @Test func `Closing commits the queued writes and refuses later ones`() async throws {
        let store = try open { $0.waitingWrites = 4 }
        let stop = Stop()
        async let stopped: Void = store.write { _ in stop.meet() }
        await stop.reached()
        let written = try await withThrowingTaskGroup(of: StoreError.Code?.self) { group in
            for _ in 0..<10 {
                group.addTask { await code { try await store.write { try $0.insert(UserRecord.make()) } } }
            }
            var written = 0
            var answers = 0
            for try await code in group {
                answers += 1
                if code == nil { written += 1 }
                guard answers == 6 else { continue }
                Thread.detachNewThread { store.close() }
                try #require(await eventually { await self.code { try await store.write { _ in } } == .closed })
                stop.lift()
            }
            return written
        }
        try await stopped
        store.close()
        #expect(written == 4)
        #expect(throws: StoreError(.closed, "")) { try store.read { _ in } }
        #expect(await code { try await store.write { _ in } } == .closed)
        let again = try open()
        defer { again.close() }
        #expect(try again.read { try $0.users(after: nil, limit: 10) }.count == 4)
    }

    @Test func `The map grows while others read and write, and a closure that runs again takes effect once`()
        async throws
    {
        let store = try open { $0.initialMapSize = 64 << 10 }
        defer { store.close() }
        let family = FamilyRecord.make()
        try await store.write { try $0.insert(family) }
        let runs = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<40 {
                        try await store.write { writer in
                            runs.count()
                            let current = try #require(try writer.family(id: family.id))
                            try writer.update(current.rotated(idleExpiresAt: current.idleExpiresAt))
                            try writer.insert(UserRecord.make(passwordHash: String(repeating: "h", count: 1_900)))
                        }
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<400 {
                        try store.read { reader throws in
                            let users = try reader.users(after: nil, limit: .max).count
                            #expect(try reader.family(id: family.id)?.generation == UInt32(users))
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(runs.value > 320, "the map never grew")
        try store.read { reader throws in
            #expect(try reader.family(id: family.id)?.generation == 320)
            #expect(try reader.users(after: nil, limit: .max).count == 320)
        }
    }

    @Test func `A closure that catches the error of a full map runs again after the map has grown`() async throws {
        let store = try open { $0.initialMapSize = 64 << 10 }
        defer { store.close() }
        try await store.write { writer in
            for _ in 0..<200 { try? writer.insert(UserRecord.make(passwordHash: String(repeating: "h", count: 900))) }
        }
        #expect(try store.read { try $0.users(after: nil, limit: .max) }.count == 200)
    }

    @Test func `When the map has its maximum size, writes are full, reads succeed, and writes that fit succeed`()
        async throws
    {
        let store = try open {
            $0.initialMapSize = 64 << 10
            $0.maximumMapSize = 512 << 10
        }
        defer { store.close() }
        let large = String(repeating: "h", count: 1_900)
        var stored: [UserRecord] = []
        var refusal: StoreError.Code?
        while refusal == nil, stored.count < 1_000 {
            let user = UserRecord.make(passwordHash: large)
            refusal = await code { try await store.write { try $0.insert(user) } }
            if refusal == nil { stored.append(user) }
        }
        #expect(refusal == .full)
        #expect(stored.count > 100)
        #expect(try store.read { try $0.users(after: nil, limit: .max) } == stored.sorted { $0.id < $1.id })
        // One of eight queued writes is too large for LMDB's map. The seven other writes must not fail.
        let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    await code {
                        try await store.write { writer in
                            guard number == 0 else { return _ = try writer.users(after: nil, limit: 1) }
                            for _ in 0..<200 { try writer.insert(UserRecord.make(passwordHash: large)) }
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 7)
        #expect(codes.count { $0 == .full } == 1)
        #expect(try store.read { try $0.users(after: nil, limit: .max) }.count == stored.count)
    }

    @Test func `Queued writes share a commit`() async throws {
        let store = try open()
        defer { store.close() }
        let before = try directory.lastCommit()
        let stop = Stop()
        async let stopped: Void = store.write { writer in
            stop.meet()
            try writer.insert(UserRecord.make())
        }
        await stop.reached()
        let waiting = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    waiting.count()
                    try await store.write { try $0.insert(UserRecord.make()) }
                }
            }
            try #require(await eventually { waiting.value == 50 })
            stop.lift()
            try await group.waitForAll()
        }
        try await stopped
        // Expect one commit for the write that blocked the writer, one for the 50 queued writes, and at most four more
        // for writes that reached the queue too late.
        #expect(try directory.lastCommit() - before <= 6)
    }

    @Test func `A store error in a batch fails only the write that caused it`() async throws {
        let store = try open()
        let taken = UserRecord.make()
        let damaged = UserRecord.make()
        try await store.write { writer in
            try writer.insert(taken)
            try writer.insert(damaged)
        }
        store.close()
        let environment = try LMDBEnvironment(path: directory.path, mapSize: 1 << 20, readers: 1)
        try environment.openTables()
        try environment.write { (transaction) throws(LMDBCode) in
            try transaction.run { (try? $0.put([1], for: damaged.id.bytes, in: .users)) != nil }
        }
        environment.close()

        let again = try open()
        defer { again.close() }
        let before = try directory.lastCommit()
        let stop = Stop()
        async let stopped: Void = again.write { _ in stop.meet() }
        await stop.reached()
        // Every write adds a user. Every third write then fails with a store error, and the store must not keep the
        // user of a failed write.
        let users = (0..<60).map { _ in UserRecord.make() }
        let waiting = Counter()
        let codes = try await withThrowingTaskGroup(of: (Int, StoreError.Code?).self) { group in
            for (number, user) in users.enumerated() {
                group.addTask {
                    waiting.count()
                    return (
                        number,
                        await code {
                            try await again.write { writer in
                                try writer.insert(user)
                                switch number % 6 {
                                case 0: try writer.insert(UserRecord.make(email: taken.email))
                                case 3: _ = try writer.user(id: damaged.id)
                                default: break
                                }
                            }
                        }
                    )
                }
            }
            try #require(await eventually { waiting.value == 60 })
            stop.lift()
            return try await group.reduce(into: [Int: StoreError.Code?]()) { $0[$1.0] = $1.1 }
        }
        try await stopped
        for (number, user) in users.enumerated() {
            let expected: StoreError.Code? = number % 6 == 0 ? .conflict : number % 6 == 3 ? .corrupt : nil
            #expect(codes[number] == expected)
            #expect(try again.read { try $0.user(id: user.id) } == (expected == nil ? user : nil))
        }
        #expect(try directory.lastCommit() - before <= 6)
    }

    // MARK: - Programming errors that stop the process

    @Test func `The use of a reader outside its closure stops the process`() async {
        await #expect(processExitsWith: .failure) {
            let directory = TemporaryDirectory()
            let store = try LMDBStore.open(path: directory.path)
            var escaped: (any StoreReader)?
            try store.read { escaped = $0 }
            _ = try escaped?.user(id: .random())
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `A read inside a read stops the process`() async {
        await #expect(processExitsWith: .failure) {
            let directory = TemporaryDirectory()
            let store = try LMDBStore.open(path: directory.path)
            try store.read { _ in _ = try store.read { try $0.user(id: .random()) } }
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `A read inside a read stops the process, also through a read of another store`() async {
        await #expect(processExitsWith: .failure) {
            let directories = (TemporaryDirectory(), TemporaryDirectory())
            let store = try LMDBStore.open(path: directories.0.path)
            let other = try LMDBStore.open(path: directories.1.path)
            try store.read { _ in
                try other.read { _ in _ = try store.read { try $0.user(id: .random()) } }
            }
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `A read of one store inside a read of another works`() throws {
        let directories = (TemporaryDirectory(), TemporaryDirectory())
        let store = try LMDBStore.open(path: directories.0.path)
        let other = try LMDBStore.open(path: directories.1.path)
        defer {
            other.close()
            store.close()
        }
        for _ in 0..<2 {
            let inner = try store.read { _ in try other.read { try $0.user(id: .random()) } }
            #expect(inner == nil)
            #expect(try store.read { try $0.user(id: .random()) } == nil)
        }
    }

    private func code(_ call: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await call()
            return nil
        } catch {
            #expect(error is StoreError)
            return (error as? StoreError)?.code
        }
    }
}

extension TemporaryDirectory {
    /// Reads the number of the store's last commit from the meta pages of the data file.
    fileprivate func lastCommit() throws -> UInt64 {
        try DataFile(path: "\(path)/data.mdb").metaPages().map(\.transactionID).max() ?? 0
    }
}
