import SignetIssuer
import SignetStore
import SignetStoreLMDB
import Synchronization
import TestSupport
import Testing

@testable import SignetServer

/// The loop around the follower, on a clock that a test sets.
@Suite struct KeyringServiceTests {
    @Test func `a change that another process made is noticed within the interval, which is within the notice`()
        async throws
    {
        let keys = TemporaryDirectory()
        let data = TemporaryDirectory()
        let store = try LMDBStore.open(path: data.path)
        defer { store.close() }
        let node = try KeyringNode(keys)
        let time = Mutex(KeyringNode.at(1))
        let now: @Sendable () -> Timestamp = { time.withLock { $0 } }
        let alarm = Alarm()
        let service = KeyringService(
            follower: node.follower, audit: AuditTrail(store: store, now: now), store: store, now: now,
            sleep: alarm.sleep)
        let running = Task { try await service.run() }
        await alarm.sleeping()
        // Another process, while it sleeps.
        let other = try Keyring.openExisting(directory: keys.path, now: now())
        let old = try #require(other.signingKeyID(at: now()))
        _ = try other.revoke(old, at: now())
        #expect(node.keyring.signingKeyID(at: now()) == old)
        let interval = try #require(alarm.durations.first)
        #expect(interval <= KeyPolicy.notice)
        time.withLock { $0 = $0 + interval }
        alarm.ring()
        await alarm.sleeping()
        #expect(alarm.durations == [interval, interval])
        #expect(node.keyring.signingKeyID(at: now()) == other.signingKeyID(at: now()))
        #expect(!node.keyring.listing(at: now()).map(\.kid).contains(old))
        #expect(node.notices == ["reloaded the keys", "the signing key changed"])
        running.cancel()
        try await running.value
    }

    @Test func `what a round does is recorded, and so is that a key began to sign`() async throws {
        let keys = TemporaryDirectory()
        let data = TemporaryDirectory()
        let store = try LMDBStore.open(path: data.path)
        defer { store.close() }
        let node = try KeyringNode(keys)
        let time = Mutex(KeyringNode.at(29))
        let now: @Sendable () -> Timestamp = { time.withLock { $0 } }
        let alarm = Alarm()
        let audit = AuditTrail(store: store, now: now)
        try await audit.recordKeys(node.keyring.listing(at: now()).map(\.kid), .keyGenerated)
        let service = KeyringService(follower: node.follower, audit: audit, store: store, now: now, sleep: alarm.sleep)
        let running = Task { try await service.run() }
        await alarm.sleeping()
        time.withLock { $0 = KeyringNode.at(30, 60) }
        alarm.ring()
        await alarm.sleeping()
        running.cancel()
        try await running.value
        let next = try #require(node.keyring.listing(at: now()).last?.kid)
        let records = try Administration(store: store, now: now).auditRecords(.init(), limit: 100)
            .map(\.event).filter { $0.object == next }
        #expect(records.map(\.type) == [.keyGenerated, .keyActivated, .keyActivated])
        #expect(records.map(\.reason) == ["", "scheduled", ""])
    }
}
