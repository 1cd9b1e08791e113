import Testing

@testable import SignetVerifier

@Suite("The introspection cache")
struct IntrospectionCacheTests {
    private let now = ContinuousClock.now

    @Test("holds no more than its capacity, and the oldest gives way")
    func capacity() {
        var cache = IntrospectionCache(capacity: 3, maximumAge: .seconds(10))
        for number in UInt8(0)..<100 { cache.insert(.inactive, for: [number], at: now, date: Sample.now) }
        #expect(cache.count == 3)
        #expect(cache.answer(for: [96], at: now, date: Sample.now) == nil)
        for number in UInt8(97)..<100 { #expect(cache.answer(for: [number], at: now, date: Sample.now) == .inactive) }
    }

    @Test("an answer that is renewed counts as new")
    func renewal() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        for key in [[1], [2], [1], [3]] as [[UInt8]] { cache.insert(.inactive, for: key, at: now, date: Sample.now) }
        #expect(cache.answer(for: [1], at: now, date: Sample.now) == .inactive)
        #expect(cache.answer(for: [2], at: now, date: Sample.now) == nil)
        #expect(cache.answer(for: [3], at: now, date: Sample.now) == .inactive)
    }

    @Test("an active token whose exp has passed is not remembered at all")
    func expired() {
        var cache = IntrospectionCache(capacity: 2, maximumAge: .seconds(10))
        let token = IntrospectedToken(claims: ["active": true, "exp": 1_800_000_000])
        cache.insert(.active(token), for: [1], at: now, date: Sample.now)
        #expect(cache.count == 0)
    }
}
