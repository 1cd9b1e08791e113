import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SignetIssuer

@Suite(.timeLimit(.minutes(1))) struct HashingThreadsTests {
    /// Blocks a hashing thread that calls ``pass()`` until the test calls ``open()``.
    final class Barrier: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let opened = DispatchSemaphore(value: 0)

        func pass() {
            entered.signal()
            _ = opened.wait(timeout: .now() + .seconds(30))
        }

        func waitUntilEntered() async {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    _ = self.entered.wait(timeout: .now() + .seconds(30))
                    continuation.resume()
                }
            }
        }

        func open() { opened.signal() }
    }

    @Test func `a job runs and returns its result`() async throws {
        let threads = HashingThreads(count: 2, queueLimit: 100)
        let results = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<50 { group.addTask { try await threads.run { number * 2 } } }
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(results == Set((0..<50).map { $0 * 2 }))
    }

    @Test func `a full queue refuses a job at once and accepts one when there is room`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let barrier = Barrier()
        async let running = threads.run { barrier.pass() }
        await barrier.waitUntilEntered()
        let waiting = Task { try await threads.run { 1 } }
        try #require(await eventually { threads.waiting == 1 })
        #expect(try await threads.run { 2 } == nil)
        barrier.open()
        #expect(try await waiting.value == 1)
        _ = try await running
        #expect(try await threads.run { 3 } == 3)
    }

    @Test func `a cancelled task leaves the queue and its job never runs`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let barrier = Barrier()
        let ran = Mutex(false)
        async let running = threads.run { barrier.pass() }
        await barrier.waitUntilEntered()
        let waiting = Task { try await threads.run { ran.withLock { $0 = true } } }
        try #require(await eventually { threads.waiting == 1 })
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(threads.waiting == 0)
        barrier.open()
        _ = try await running
        #expect(try await threads.run { 1 } == 1)
        #expect(ran.withLock { !$0 })
    }

    @Test func `a task that was cancelled before it called does not enter the queue`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await threads.run { 1 }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(threads.waiting == 0)
    }

    @Test func `a job that is cancelled just before it enters the queue takes no place there`() async throws {
        let queue = HashingQueue(limit: 1, metrics: IssuerMetrics.none.hashing)
        let job = HashingJob {}
        await #expect(throws: CancellationError.self) {
            try await withCheckedThrowingContinuation { continuation in
                #expect(job.wait(with: continuation))
                job.cancel(throwing: CancellationError())
                queue.remove(job)
                #expect(queue.append(job))
            }
        }
        #expect(queue.count == 0)
    }

    @Test func `a job that has started finishes even if its task is cancelled`() async throws {
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
