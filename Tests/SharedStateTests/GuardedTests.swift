import SharedState
import Testing

@Suite("A guarded value")
struct GuardedTests {
    @Test func `is changed by one caller at a time`() async {
        let numbers = Guarded([0, 0])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { @concurrent in
                    for _ in 0..<1000 {
                        numbers.withLock { numbers in
                            numbers[0] += 1
                            numbers[1] += numbers[0]
                        }
                    }
                }
            }
        }
        #expect(numbers.withLock { $0 } == [8000, 8000 * 8001 / 2])
    }

    @Test func `is unlocked after its body throws`() {
        struct Fault: Error {}
        let number = Guarded(1)
        #expect(throws: Fault.self) {
            try number.withLock { number in
                number = 2
                throw Fault()
            }
        }
        #expect(number.withLock { $0 } == 2)
    }

    @Test func `is released with its guard`() {
        final class Token: Sendable {}
        weak var token: Token?
        do {
            let guarded = Guarded(Token())
            token = guarded.withLock { $0 }
            #expect(token != nil)
        }
        #expect(token == nil)
    }
}
