import SharedState
import Testing

@Suite("A shared outcome", .timeLimit(.minutes(1)))
struct SharedOutcomeTests {
    @Test func `reaches all who wait for it, and all who come later`() async {
        let outcome = SharedResult<Int>()
        let waiting = (0..<20).map { _ in Task { await outcome.value() } }
        while outcome.waitingCount < 20 { await Task.yield() }
        outcome.settle(1)
        outcome.settle(2)
        for task in waiting { #expect(await task.value == 1) }
        #expect(await outcome.value() == 1)
        #expect(outcome.waitingCount == 0)
    }

    @Test func `is not waited for by whoever is cancelled, before or meanwhile; the others get it`() async {
        let outcome = SharedResult<Int>()
        let patient = Task { await outcome.value() }
        let hasty = Task { await outcome.value() }
        while outcome.waitingCount < 2 { await Task.yield() }
        hasty.cancel()
        #expect(await hasty.value == nil)
        let late = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await outcome.value()
        }
        #expect(await late.value == nil)
        #expect(outcome.waitingCount == 1)
        outcome.settle(1)
        #expect(await patient.value == 1)
    }

    @Test func `that is there already is given to a cancelled caller, too`() async {
        let outcome = SharedResult<Int>()
        outcome.settle(1)
        let cancelled = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await outcome.value()
        }
        #expect(await cancelled.value == 1)
    }
}
