import SignetIssuer
import SignetKeyring
import SignetStore
import SignetStoreLMDB
import Synchronization
import TestSupport
import Testing

@testable import SignetServer

/// Tests `KeyringService`, which updates the keyring of a service at intervals. The tests set its clock.
@Suite("Keyring service", .timeLimit(.minutes(1)))
struct KeyringServiceTests {
    @Test func `a change by another process is loaded after one interval, which is shorter than the notice period`()
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
        try await alarm.sleeping()
        // Another process revokes the signing key while the service sleeps.
        let other = try Keyring.openExisting(directory: keys.path, now: now())
        let old = try #require(other.signingKeyID(at: now()))
        _ = try other.revoke(old, at: now())
        #expect(node.keyring.signingKeyID(at: now()) == old)
        let interval = try #require(alarm.durations.first)
        #expect(interval <= KeyPolicy.notice)
        time.withLock { $0 = $0 + interval }
        await alarm.ring()
        try await alarm.sleeping()
        #expect(alarm.durations == [interval, interval])
        #expect(node.keyring.signingKeyID(at: now()) == other.signingKeyID(at: now()))
        #expect(!node.keyring.listing(at: now()).map(\.keyID).contains(old))
        #expect(node.notices == ["reloaded the keys", "the signing key changed"])
        running.cancel()
        try await running.value
    }

    @Test func `changes to the keys and key activations are recorded`() async throws {
        let keys = TemporaryDirectory()
        let data = TemporaryDirectory()
        let store = try LMDBStore.open(path: data.path)
        defer { store.close() }
        let node = try KeyringNode(keys)
        let time = Mutex(KeyringNode.at(29))
        let now: @Sendable () -> Timestamp = { time.withLock { $0 } }
        let alarm = Alarm()
        let audit = AuditTrail(store: store, now: now)
        try await audit.recordKeys(node.keyring.listing(at: now()).map(\.keyID), .keyGenerated)
        let service = KeyringService(follower: node.follower, audit: audit, store: store, now: now, sleep: alarm.sleep)
        let running = Task { try await service.run() }
        try await alarm.sleeping()
        time.withLock { $0 = KeyringNode.at(30, 60) }
        await alarm.ring()
        try await alarm.sleeping()
        running.cancel()
        try await running.value
        let next = try #require(node.keyring.listing(at: now()).last?.keyID)
        let records = try await Administration(store: store, now: now).auditRecords(.init(), limit: 100)
            .map(\.event).filter { $0.object == next }
        #expect(records.map(\.type) == [.keyGenerated, .keyActivated, .keyActivated])
        #expect(records.map(\.reason) == ["", "scheduled", ""])
    }
}
