import SharedState
import TestSupport
import Testing

@Suite("A shared result", .timeLimit(.minutes(1)))
struct SharedResultTests {
    @Test func `reaches all current and later callers`() async throws {
        let result = SharedResult<Int>()
        let waiting = (0..<20).map { _ in Task { await result.value() } }
        try await wait { result.waitingCount < 20 }
        result.settle(1)
        result.settle(2)
        for task in waiting { #expect(await task.value == 1) }
        #expect(await result.value() == 1)
        #expect(result.waitingCount == 0)
    }

    @Test func `is not awaited by a cancelled caller, while the others get it`() async throws {
        let result = SharedResult<Int>()
        let patient = Task { await result.value() }
        let hasty = Task { await result.value() }
        try await wait { result.waitingCount < 2 }
        hasty.cancel()
        #expect(await hasty.value == nil)
        let late = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await result.value()
        }
        #expect(await late.value == nil)
        #expect(result.waitingCount == 1)
        result.settle(1)
        #expect(await patient.value == 1)
    }

    @Test func `that is known already is given to a cancelled caller too`() async throws {
        let result = SharedResult<Int>()
        result.settle(1)
        let cancelled = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await result.value()
        }
        #expect(await cancelled.value == 1)
    }
}
