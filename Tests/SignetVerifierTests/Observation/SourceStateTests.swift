import HTTPFetching
import SignetTesting
import TestSupport
import Testing

@testable import SignetVerifier

@Suite("The state of what a verifier fetches", .timeLimit(.minutes(1)))
struct SourceStateTests {
    private let clock = MonotonicClock()
    private let record = RecordingObserver()

    @Test func `shows an outage while cached keys still verify tokens, and its end`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let keys = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: issuer, observer: record, now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys, observer: record, now: { Sample.now })
        let before = try #require(verifier.sourceStates.first)
        #expect(before.kind == .keys && before.location == issuer.jwksURL)
        #expect(!before.isUsable && before.age == nil && before.lastFailure == nil && before.untilNextAttempt == .zero)

        let token = try issuer.token()
        _ = try await verifier.verify(token)
        clock.advance(by: .seconds(100))
        let good = try #require(verifier.sourceStates.first)
        #expect(good.isUsable && good.age == .seconds(100) && !good.isFailing)
        #expect(good.untilNextAttempt == .seconds(380))
        #expect(record.fetches.map(\.outcome) == [.fetched])
        #expect(record.fetches.first?.keyIDs == [issuer.keyID])

        issuer.goDown()
        clock.advance(by: .seconds(400))
        _ = try await verifier.verify(token)
        try await wait { record.fetches.count < 2 }
        clock.advance(by: .seconds(10))
        let failing = try #require(verifier.sourceStates.first)
        #expect(failing.isUsable && failing.isFailing && failing.failuresInARow == 1)
        #expect(failing.age == .seconds(510) && failing.lastFailure?.age == .seconds(10))
        #expect(failing.lastFailure?.reason.contains(issuer.jwksURL) == true)
        #expect(failing.untilNextAttempt == .seconds(20))
        #expect("\(failing)".contains("usable; fetched 510 s ago; 1 failed in a row, last 10 s ago"))
        #expect(await verifier.readiness() == .init(isReady: true, problems: ["\(failing)"]))

        issuer.comeBack()
        clock.advance(by: .seconds(20))
        _ = try await verifier.verify(token)
        try await wait { record.fetches.count < 3 }
        let recovered = try #require(verifier.sourceStates.first)
        #expect(!recovered.isFailing && recovered.age == .zero && recovered.lastFailure?.age == .seconds(30))
        #expect(record.fetches.last?.outcome == .fetched && record.fetches.last?.failuresBefore == 1)
        #expect(await verifier.readiness() == .init(isReady: true, problems: []))
    }

    @Test func `a verifier without keys fetches them to become ready, and says why it is not`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let keys = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: issuer, now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys, now: { Sample.now })
        issuer.goDown()
        for _ in 0..<3 {
            let readiness = await verifier.readiness()
            #expect(!readiness.isReady)
            #expect(readiness.problems.count == 1 && readiness.problems.first?.contains("Unreachable") == true)
        }
        #expect(issuer.requests.count == 1)
        issuer.comeBack()
        clock.advance(by: .seconds(1))
        #expect(await verifier.readiness() == .init(isReady: true, problems: []))
        // The keys expire while no token is checked. The verifier must still be ready, because the next call fetches
        // the keys.
        clock.advance(by: .seconds(100_000))
        #expect(await verifier.readiness() == .init(isReady: true, problems: []))
        let without = Verifier(policy: try issuer.policy(), keys: StaticKeySource(.empty))
        #expect(await !without.readiness().isReady)
    }

    @Test func `every verification is reported with its outcome`() async throws {
        let issuer = try Sample.issuer.get()
        let verifier = Verifier(policy: try issuer.policy(), keys: issuer, observer: record, now: { Sample.now })
        _ = try await verifier.verify(issuer.token())
        _ = try? await verifier.verify(issuer.token(fault: .expired))
        _ = try? await verifier.verify("nonsense")
        #expect(record.verifications == [nil, .expired, .malformedToken])
    }

    @Test func `of a status list and of introspection is reported too`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let statuses = try StatusListSource(
            issuer: issuer.issuer, keys: issuer, fetcher: issuer, observer: record, now: clock.now, date: { Sample.now }
        )
        let verifier = Verifier(policy: try issuer.policy(), keys: issuer, statuses: statuses, now: { Sample.now })
        _ = try await verifier.verify(issuer.token(statusIndex: 1))
        let list = try #require(verifier.sourceStates.first)
        #expect(list.kind == .statusList && list.location == issuer.statusListURL && list.isUsable)
        #expect(record.fetches.map(\.state.kind) == [.statusList])

        let client = try IntrospectionClient(
            endpoint: "https://issuer.test/nowhere", clientID: "a", clientSecret: "b", fetcher: issuer,
            observer: record,
            now: clock.now)
        _ = try? await client.introspect("t")
        clock.advance(by: .seconds(3))
        let asked = client.sourceState
        #expect(asked.kind == .introspection && asked.isFailing && asked.age == nil && asked.untilNextAttempt == nil)
        #expect(asked.lastFailure?.age == .seconds(3))
        #expect(asked.lastFailure?.reason.contains("405") == true)
        #expect(record.fetches.last?.outcome == .failed)
    }

    @Test(arguments: [Duration.zero, .seconds(60)])
    func `of introspection is usable until the last request failed and no cached answer is left`(
        maximumAge: Duration
    ) async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        issuer.addClient(id: "orders", secret: "secret")
        let client = try IntrospectionClient(
            issuer: issuer.issuer, clientID: "orders", clientSecret: "secret", fetcher: issuer,
            configuration: IntrospectionConfiguration(maximumAge: maximumAge), now: clock.now, date: { Sample.now })
        #expect(client.sourceState.isUsable && client.sourceState.location == issuer.introspectionURL)
        _ = try await client.requireActive(issuer.token())
        #expect(client.sourceState.isUsable)
        issuer.goDown()
        clock.advance(by: .seconds(59))
        _ = try? await client.introspect("another")
        #expect(client.sourceState.isFailing && client.sourceState.isUsable == (maximumAge > .zero))
        clock.advance(by: .seconds(1))
        #expect(!client.sourceState.isUsable)
        issuer.comeBack()
        _ = try await client.introspect("another")
        #expect(client.sourceState.isUsable)
    }

    @Test func `of a key file shows a file that cannot be read while its keys stay in use`() async throws {
        let issuer = try Sample.issuer.get()
        let directory = TemporaryDirectory()
        try directory.write(issuer.jwks, to: "jwks.json")
        let source = try FileKeySource(path: directory.path("jwks.json"), now: clock.now)
        #expect(source.sourceState?.isUsable == true && source.sourceState?.isFailing == false)
        try directory.write(Array("[]".utf8), to: "jwks.json")
        clock.advance(by: .seconds(5))
        #expect(source.keysAtHand()?.isEmpty == false)
        let state = try #require(source.sourceState)
        #expect(state.isUsable && state.isFailing && state.age == .seconds(5))
        #expect(state.location == directory.path("jwks.json"))
        try directory.write(issuer.jwks, to: "jwks.json")
        clock.advance(by: .seconds(5))
        _ = source.keysAtHand()
        #expect(source.sourceState?.isFailing == false && source.sourceState?.lastFailure?.age == .seconds(5))
    }
}
