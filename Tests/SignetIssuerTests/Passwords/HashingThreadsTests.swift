import Foundation
import Synchronization
import Testing

@testable import SignetIssuer

@Suite struct HashingThreadsTests {
    /// Holds up the threads of a pool until it is opened.
    final class Barrier: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let opened = DispatchSemaphore(value: 0)

        func pass() {
            entered.signal()
            opened.wait()
        }

        func waitUntilEntered() async {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    self.entered.wait()
                    continuation.resume()
                }
            }
        }

        func open() { opened.signal() }
    }

    @Test func `work runs and its result comes back`() async throws {
        let threads = HashingThreads(count: 2, queueLimit: 100)
        let results = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<50 { group.addTask { try await threads.run { number * 2 } } }
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(results == Set((0..<50).map { $0 * 2 }))
    }

    @Test func `a full queue refuses at once and takes work again when there is room`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let barrier = Barrier()
        async let running = threads.run { barrier.pass() }
        await barrier.waitUntilEntered()
        let waiting = Task { try await threads.run { 1 } }
        while threads.waiting == 0 { await Task.yield() }
        #expect(try await threads.run { 2 } == nil)
        barrier.open()
        #expect(try await waiting.value == 1)
        _ = try await running
        #expect(try await threads.run { 3 } == 3)
    }

    @Test func `a cancelled task leaves the queue and its work is never done`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let barrier = Barrier()
        let ran = Mutex(false)
        async let running = threads.run { barrier.pass() }
        await barrier.waitUntilEntered()
        let waiting = Task { try await threads.run { ran.withLock { $0 = true } } }
        while threads.waiting == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(threads.waiting == 0)
        barrier.open()
        _ = try await running
        #expect(try await threads.run { 1 } == 1)
        #expect(ran.withLock { !$0 })
    }

    @Test func `a task that was cancelled before does not wait at all`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await threads.run { 1 }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(threads.waiting == 0)
    }

    @Test func `work that has begun is finished although its task is cancelled`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let barrier = Barrier()
        let task = Task {
            try await threads.run {
                barrier.pass()
                return 1
            }
        }
        await barrier.waitUntilEntered()
        task.cancel()
        barrier.open()
        #expect(try await task.value == 1)
    }
}
