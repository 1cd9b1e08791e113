import Foundation
import SignetKeyring
import SignetStore
import Synchronization
import Testing

@testable import SignetIssuer

@Suite(.timeLimit(.minutes(5))) struct StatusListPublisherTests {
    /// A store that counts its read transactions.
    private final class CountingStore: LocalStore {
        private let base: any LocalStore
        let reads = Atomic<Int>(0)

        init(_ base: any LocalStore) { self.base = base }

        func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
            reads.wrappingAdd(1, ordering: .relaxed)
            return try base.read(body)
        }

        func write<Result: Sendable>(
            _ body: @escaping @Sendable (any StoreWriter) throws -> Result
        ) async throws -> Result {
            try await base.write(body)
        }
    }

    private static func publisher(_ store: any LocalStore, of test: IssuerFixture) -> StatusListPublisher {
        let clock = test.clock
        return StatusListPublisher(
            store: store, keyring: test.keyring, location: StatusListLocation(issuer: "https://id.example.com"),
            policy: StatusListPolicy(freshness: .seconds(15)), now: { clock.now })
    }

    @Test func `concurrent callers share one build`() async throws {
        let test = try IssuerFixture.make()
        _ = try await test.session()
        let store = CountingStore(test.store)
        let publisher = Self.publisher(store, of: test)
        let lists = try await withThrowingTaskGroup(of: PublishedStatusList?.self) { group in
            for _ in 0..<50 { group.addTask { try await publisher.list(0) } }
            return try await group.reduce(into: Set<PublishedStatusList?>()) { $0.insert($1) }
        }
        #expect(lists.count == 1)
        let built = store.reads.load(ordering: .relaxed)
        _ = try await publisher.list(0)
        #expect(store.reads.load(ordering: .relaxed) == built)
    }

    @Test(arguments: [5, 15, 60, 3600] as [Int64])
    func `two periods and the maxAge add up to the freshness`(seconds: Int64) {
        let policy = StatusListPolicy(freshness: .seconds(seconds))
        #expect(policy.period * 2 + .seconds(policy.maxAge) == .seconds(seconds))
        #expect(policy.maxAge > 0 && policy.period > .zero)
    }

    /// The environment variable `SIGNET_TEST_REVOKED_SESSIONS` sets the number of revoked sessions. The default is
    /// 5243, which is 1 % of the entries of a status list.
    @Test func `requests are answered while a list is built`() async throws {
        let revoked = ProcessInfo.processInfo.environment["SIGNET_TEST_REVOKED_SESSIONS"].flatMap { Int($0) } ?? 5243
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let template = try test.family(of: tokens)
        let now = test.clock.now
        for start in stride(from: 0, to: revoked, by: 4096) {
            let count = min(4096, revoked - start)
            try await test.store.write { writer in
                for _ in 0..<count {
                    let family = FamilyRecord(
                        id: .random(), userID: template.userID, clientID: nil, scope: "", salt: template.salt,
                        authenticatedAt: now, createdAt: now, expiresAt: template.expiresAt, generation: 0, secretID: 1,
                        parent: nil, rotatedAt: now, idleExpiresAt: template.idleExpiresAt, revokedAt: now,
                        revocationReason: .logout,
                        statusListEntry: StatusListEntry(
                            index: try writer.allocateStatusListIndex(), tokensExpireAt: now + .seconds(900)),
                        device: "", createdAddress: "", lastUsedAddress: "")
                    try writer.insert(family)
                }
            }
        }
        let isDone = Atomic<Bool>(false)
        let publisher = Self.publisher(test.store, of: test)
        let begin = ContinuousClock.now
        async let served = Self.serve(test, tokens, until: { isDone.load(ordering: .relaxed) })
        let list = try #require(try await publisher.list(0))
        let took = ContinuousClock.now - begin
        isDone.store(true, ordering: .relaxed)
        let (count, slowest) = try await served
        print(
            "status list with \(revoked) of \(StatusListIndex.entriesPerList) set: \(list.body.count) bytes served, built in "
                + "\(took); meanwhile \(count) profile requests, the slowest in \(slowest)")
        #expect(list.body.count < 150_000)
        #expect(count > 0)
    }

    /// Requests the user's profile repeatedly until `isDone` returns `true` or the task is cancelled. Returns the
    /// number of requests and the time of the slowest one.
    private static func serve(
        _ test: IssuerFixture, _ tokens: IssuedTokens, until isDone: @Sendable () -> Bool
    ) async throws -> (count: Int, slowest: Duration) {
        var count = 0
        var slowest = Duration.zero
        repeat {
            let begin = ContinuousClock.now
            _ = try await test.issuer.profile(accessToken: tokens.accessToken)
            slowest = max(slowest, ContinuousClock.now - begin)
            count += 1
            await Task.yield()
        } while !isDone() && !Task.isCancelled
        return (count, slowest)
    }
}
