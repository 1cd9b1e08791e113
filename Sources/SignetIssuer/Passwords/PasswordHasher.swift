import CSodium
import Synchronization

/// Hashes and checks passwords on threads of its own, behind a bounded queue.
///
/// Whatever waits for a hash waits without blocking anything else, and a flood is turned away early.
package final class PasswordHasher: Sendable {
    /// Most jobs that wait before further ones are refused.
    package static let defaultQueueLimit = 256

    /// As many threads as the machine has cores, 8 at most: the threads have low priority and yield to all others.
    package static var defaultThreads: Int { min(8, max(1, ProcessorCount.online)) }

    private let cost: PasswordHashingCost
    private let threads: HashingThreads
    private let unmatchable: String
    private let metrics: HashingMetrics
    /// How long the last hash took, in milliseconds: what `retryAfter` is reckoned from.
    private let lastDuration = Mutex(Int64(50))

    /// - Parameters:
    ///   - threads: at least 1.
    ///   - queueLimit: at least 1.
    ///   - cost: of new hashes; older hashes are checked at their own cost.
    package init(
        threads: Int = defaultThreads, queueLimit: Int = defaultQueueLimit, cost: PasswordHashingCost = .standard,
        metrics: IssuerMetrics = .none
    ) {
        precondition(sodium_init() >= 0, "libsodium found no random source")
        self.cost = cost
        self.metrics = metrics.hashing
        self.threads = HashingThreads(count: threads, queueLimit: queueLimit, metrics: metrics.hashing)
        unmatchable = Argon2id.unmatchable(cost: cost)
    }

    /// The PHC string of `password` with a fresh salt.
    /// - Throws: `busy` when the queue is full, `internal` without memory, `CancellationError`.
    package func hash(_ password: String) async throws -> String {
        let cost = cost
        guard let hash = try await run({ Argon2id.hash(PasswordBytes(password), cost: cost) }) else {
            throw IssuerError(.internal, "no \(cost.kibibytes) KiB of memory to hash a password")
        }
        return hash
    }

    /// Whether `password` matches the PHC string.
    /// - Parameter hash: `nil` for a user who does not exist: the same work is done and the answer is `false`.
    /// - Throws: `busy` when the queue is full, `CancellationError`.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let text = hash ?? unmatchable
        return try await run { Argon2id.verify(PasswordBytes(password), against: text) } && hash != nil
    }

    /// Whether the PHC string was made at another cost than new ones are.
    package func needsRehash(_ hash: String) -> Bool { Argon2id.needsRehash(hash, cost: cost) }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws -> Result {
        let outcome = try await threads.run {
            let start = ContinuousClock.now
            let result = work()
            return (result: result, duration: start.duration(to: .now))
        }
        guard let (result, duration) = outcome else {
            let wait = Self.wait(
                jobs: threads.waiting, threads: threads.count, millisecondsEach: lastDuration.withLock { $0 })
            throw IssuerError(.busy, "the password hashing queue is full", retryAfter: wait)
        }
        metrics.hashed(in: duration)
        lastDuration.withLock {
            $0 = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        }
        return result
    }

    /// Whole seconds until the queue has been worked off, within 1…30.
    static func wait(jobs: Int, threads: Int, millisecondsEach: Int64) -> Int {
        let milliseconds = Int64(jobs) * millisecondsEach / Int64(threads)
        return Int(min(30, max(1, (milliseconds + 999) / 1000)))
    }
}
