import Testing

@testable import SignetVerifier

@Suite("The introspection cache")
struct IntrospectionCacheTests {
    private let start = IntrospectionCache.ClockReading(instant: .now, date: Sample.now)

    private func later(_ duration: Duration) -> IntrospectionCache.ClockReading {
        .init(instant: start.instant + duration, date: start.date + duration)
    }

    private func active(exp: Int64? = nil) -> Introspection {
        .active(IntrospectedToken(claims: exp.map { ["active": true, "exp": .integer($0)] } ?? ["active": true]))
    }

    @Test func `evicts the oldest answer when it is full`() {
        var cache = IntrospectionCache(capacity: 3, maximumAge: .seconds(10))
        for number in UInt8(0)..<100 { cache.insert(.inactive, for: [number], asked: start) }
        #expect(cache.count == 3)
        #expect(cache.answer(for: [96], at: start) == nil)
        for number in UInt8(97)..<100 { #expect(cache.answer(for: [number], at: start) == .inactive) }
    }

    @Test func `treats a replaced answer as new`() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        for key in [[1], [2], [1], [3]] as [[UInt8]] { cache.insert(.inactive, for: key, asked: start) }
        #expect(cache.answer(for: [1], at: start) == .inactive)
        #expect(cache.answer(for: [2], at: start) == nil)
        #expect(cache.answer(for: [3], at: start) == .inactive)
    }

    @Test func `keeps the answers about good tokens during a flood of made-up tokens`() {
        var cache = IntrospectionCache(capacity: 4, maximumAge: .seconds(10))
        for number in UInt8(0)..<4 { cache.insert(active(), for: [number], asked: start) }
        for number in 0..<10_000 {
            cache.insert(.inactive, for: [9, UInt8(number % 256), UInt8(number / 256)], asked: start)
        }
        for number in UInt8(0)..<4 { #expect(cache.answer(for: [number], at: start) == active()) }
        #expect(cache.count == 8)
    }

    @Test func `stores only the last answer about a token`() {
        var cache = IntrospectionCache(capacity: 4, maximumAge: .seconds(10))
        for answer in [active(), .inactive, active(), .inactive] {
            cache.insert(answer, for: [1], asked: start)
            #expect(cache.answer(for: [1], at: start) == answer)
            #expect(cache.count == 1)
        }
    }

    @Test func `counts the age from the time of the request`() {
        var cache = IntrospectionCache(capacity: 4, maximumAge: .seconds(10))
        cache.insert(active(), for: [1], asked: start)
        #expect(cache.answer(for: [1], at: later(.milliseconds(9999))) == active())
        #expect(cache.answer(for: [1], at: later(.seconds(10))) == nil)
    }

    @Test func `drops an active answer at its exp, even if the wall clock was set back`() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        cache.insert(active(exp: 1_800_000_000), for: [1], asked: start)
        #expect(cache.count == 0)
        cache.insert(active(exp: 1_800_000_004), for: [1], asked: start)
        #expect(cache.answer(for: [1], at: later(.milliseconds(3999))) != nil)
        let back = IntrospectionCache.ClockReading(
            instant: start.instant + .seconds(4), date: start.date - .seconds(3600))
        #expect(cache.answer(for: [1], at: back) == nil)
    }

    @Test func `does not return an active answer once the wall clock reaches its exp, however young it is`() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        cache.insert(active(exp: 1_800_000_100), for: [1], asked: start)
        func reading(date: Duration) -> IntrospectionCache.ClockReading {
            .init(instant: start.instant + .seconds(1), date: start.date + date)
        }
        #expect(cache.answer(for: [1], at: reading(date: .milliseconds(99_999))) != nil)
        #expect(cache.answer(for: [1], at: reading(date: .seconds(100))) == nil)
        #expect(cache.count == 0)
    }

    @Test func `returns an inactive answer whatever the wall clock shows`() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        cache.insert(.inactive, for: [1], asked: start)
        let jumped = IntrospectionCache.ClockReading(
            instant: start.instant + .seconds(1), date: start.date + .seconds(1_000_000))
        #expect(cache.answer(for: [1], at: jumped) == .inactive)
    }
}
