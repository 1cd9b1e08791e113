import StatusList
import Testing

@testable import SignetVerifier

@Suite("A status list")
struct StatusListMachineTests {
    /// Drives a ``StatusListMachine``, which decides when a verifier fetches a status list. The test sets the time and
    /// the result of each fetch.
    private struct Harness {
        let start = ContinuousClock.now
        var machine: StatusListMachine
        var elapsed = Duration.zero
        var fetchCount = 0

        init(_ change: (inout StatusListConfiguration) -> Void = { _ in }) {
            var configuration = StatusListConfiguration()
            change(&configuration)
            machine = StatusListMachine(configuration: configuration, at: start)
        }

        /// The wall clock in Unix seconds: 1000 plus `elapsed`.
        private var date: Double { 1000 + Double(elapsed.components.seconds) }

        mutating func ask() -> StatusListMachine.Answer {
            let (answer, startsFetch) = machine.ask(at: start + elapsed, date: date)
            fetchCount += startsFetch ? 1 : 0
            return answer
        }

        mutating func afterwards() -> StatusListMachine.Answer {
            machine.answerAfterwards(at: start + elapsed, date: date)
        }

        mutating func end(_ result: StatusListMachine.FetchResult) { machine.ended(with: result, at: start + elapsed) }

        mutating func succeed(lifetime: Duration = .seconds(10), expiresAt: Double = 4600, timeToLive: Duration? = nil)
        {
            let token = StatusListToken(list: StatusList(count: 8), expiresAt: expiresAt, timeToLive: timeToLive)
            end(.list(token, entityTag: "\"a\"", lifetime: lifetime))
        }
    }

    @Test func `is fetched for the first caller, and all callers share the fetch`() {
        var harness = Harness()
        for _ in 0..<5 { #expect(harness.ask().isWaiting) }
        #expect(harness.fetchCount == 1)
        harness.succeed()
        #expect(harness.afterwards().isServed)
        #expect(harness.ask().isServed)
        #expect(harness.fetchCount == 1)
    }

    @Test func `is refreshed in the background before its lifetime ends and not used afterwards`() {
        var harness = Harness()
        _ = harness.ask()
        harness.succeed()
        harness.elapsed = .milliseconds(6999)
        #expect(harness.ask().isServed)
        #expect(harness.fetchCount == 1)
        harness.elapsed = .seconds(7)
        for _ in 0..<3 { #expect(harness.ask().isServed) }
        #expect(harness.fetchCount == 2)
        harness.elapsed = .milliseconds(9999)
        #expect(harness.ask().isServed)
        harness.elapsed = .seconds(10)
        #expect(harness.ask().isWaiting)
        #expect(harness.fetchCount == 2)
        harness.end(.notModified(lifetime: .seconds(10)))
        #expect(harness.ask().isServed)
        // The list expires at 17 s. The last request was sent at 7 s, and its response (304) gave the list a new
        // lifetime of 10 s, which counts from the request.
        harness.elapsed = .seconds(17)
        #expect(harness.ask().isWaiting)
    }

    @Test func `is fetched again before use if it expired while no caller asked`() {
        var harness = Harness()
        _ = harness.ask()
        harness.succeed()
        harness.elapsed = .seconds(60)
        #expect(harness.ask().isWaiting)
    }

    @Test func `stays in use during an outage, for the outage window`() {
        var harness = Harness { $0.outageWindow = .seconds(100) }
        _ = harness.ask()
        harness.succeed()
        var served = 0
        for second in 11..<130 {
            harness.elapsed = .seconds(second)
            switch harness.ask() {
            case .serve: served += 1
            case .wait: harness.end(.failed(reason: "down"))
            case .refuse(let error):
                #expect(error.code == .statusUnavailable)
                #expect(second >= 110)
            }
            if second >= 110 { #expect(harness.afterwards().refusal?.code == .statusUnavailable) }
            // `ask` may have served the old list and started a fetch in the background. This fetch fails, too.
            harness.end(.failed(reason: "down"))
        }
        #expect(served >= 95)
        #expect(harness.fetchCount < 30, "attempts are five seconds apart")
    }

    @Test func `is never used past its exp, not even during an outage`() {
        var harness = Harness()
        _ = harness.ask()
        harness.succeed(expiresAt: 1020)
        harness.elapsed = .seconds(15)
        #expect(harness.ask().isWaiting)
        harness.end(.failed(reason: "down"))
        #expect(harness.afterwards().isServed)
        harness.elapsed = .seconds(20)
        #expect(!harness.ask().isServed)
        #expect(harness.afterwards().refusal?.code == .statusUnavailable)
    }

    @Test func `is retried after growing pauses up to the cooldown, and callers get a Retry-After`() {
        var harness = Harness()
        _ = harness.ask()
        var attempts: [Int] = []
        for tenth in 0..<200 {
            harness.elapsed = .milliseconds(100 * tenth)
            let before = harness.fetchCount
            switch harness.ask() {
            case .wait: harness.end(.failed(reason: "down"))
            case .refuse(let error):
                #expect(error.code == .statusUnavailable && error.isTemporary)
                #expect((1...5).contains(error.challenge.retryAfter ?? 0))
            case .serve: Issue.record("served without a list")
            }
            if harness.fetchCount > before { attempts.append(tenth) }
        }
        #expect(attempts == [10, 30, 70, 120, 170])
    }

    @Test func `has its lifetime shortened by its ttl, but not below the minimum`() {
        var harness = Harness()
        _ = harness.ask()
        harness.succeed(lifetime: .seconds(30), timeToLive: .seconds(4))
        harness.elapsed = .milliseconds(3999)
        #expect(harness.ask().isServed)
        harness.elapsed = .seconds(4)
        #expect(!harness.ask().isServed)
    }
}

extension StatusListMachine.Answer {
    var isServed: Bool { if case .serve = self { true } else { false } }

    var isWaiting: Bool { if case .wait = self { true } else { false } }

    var refusal: VerificationError? { if case .refuse(let error) = self { error } else { nil } }
}
