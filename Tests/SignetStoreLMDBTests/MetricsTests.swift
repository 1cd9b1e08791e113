import PrometheusExposition
import SignetStore
import SignetStoreLMDB
import StoreContract
import TestSupport
import Testing

@Suite("Metrics of the store", .timeLimit(.minutes(2)))
struct MetricsTests {
    private let directory: TemporaryDirectory
    private let registry = PrometheusRegistry(
        describing: StoreMetric.allCases.map {
            MetricDescription($0.rawValue, help: $0.help, buckets: $0.buckets)
        })

    init() throws { directory = TemporaryDirectory() }

    private func value(_ sample: String) -> Double? {
        registry.text().split(separator: "\n").first { $0.hasPrefix(sample + " ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    @Test func `Commits, their writes and the size of the store are measured`() async throws {
        let store = try LMDBStore.open(path: directory.path, metrics: registry)
        let stop = Stop()
        async let stopped: Void = store.write { _ in stop.meet() }
        await stop.reached()
        // `stop` blocks the store's writer thread until `stop.lift()`. So these twenty writes queue up, and one commit
        // contains them all.
        let writes = (0..<20).map { _ in Task { try await store.write { try $0.insert(UserRecord.make()) } } }
        try #require(await eventually { value("signet_store_waiting_writes") == 20 })
        stop.lift()
        try await stopped
        for write in writes { try await write.value }
        store.close()
        #expect(value("signet_store_waiting_writes") == 0)
        #expect(value("signet_store_commit_writes_count") == 2)
        #expect(value("signet_store_commit_writes_sum") == 21)
        #expect(value("signet_store_commit_writes_bucket{le=\"16\"}") == 1)
        #expect(value("signet_store_commit_writes_bucket{le=\"32\"}") == 2)
        #expect(value("signet_store_commit_seconds_count") == 2)
        #expect(try #require(value("signet_store_commit_seconds_sum")) > 0)
        #expect(value("signet_store_full") == 0)
        #expect(value("signet_store_map_bytes") == 67_108_864)
        let used = try #require(value("signet_store_used_bytes"))
        #expect(used > 0 && used.truncatingRemainder(dividingBy: 4096) == 0)
    }

    @Test func `The store is reported as full until a write has found room again`() async throws {
        var options = LMDBStore.Options()
        options.initialMapSize = 1 << 20
        options.maximumMapSize = 1 << 20
        let store = try LMDBStore.open(path: directory.path, options: options, metrics: registry)
        defer { store.close() }
        #expect(value("signet_store_full") == 0)
        await #expect(throws: StoreError(.full, "")) {
            try await store.write { writer in for _ in 0..<5_000 { try writer.insert(UserRecord.make()) } }
        }
        #expect(value("signet_store_full") == 1)
        #expect(value("signet_store_refused_writes_total{reason=\"full\"}") == 1)
        // A commit without changes also succeeds on a full disk, so it must not reset the metric `signet_store_full`.
        try await store.write { _ in }
        #expect(value("signet_store_full") == 1)
        try await store.write { try $0.insert(UserRecord.make()) }
        // The writer records the metric just after it has completed the write, so the test waits for the new value.
        try #require(await eventually { value("signet_store_full") == 0 })
    }

    @Test func `Refused writes are counted`() async throws {
        var options = LMDBStore.Options()
        options.waitingWrites = 1
        let store = try LMDBStore.open(path: directory.path, options: options, metrics: registry)
        defer { store.close() }
        let stop = Stop()
        async let stopped: Void = store.write { _ in stop.meet() }
        await stop.reached()
        let waiting = Task { try await store.write { _ in } }
        try #require(await eventually { value("signet_store_waiting_writes") == 1 })
        for _ in 0..<3 { await #expect(throws: StoreError(.busy, "")) { try await store.write { _ in } } }
        #expect(value("signet_store_refused_writes_total{reason=\"busy\"}") == 3)
        stop.lift()
        try await stopped
        try await waiting.value
    }
}
