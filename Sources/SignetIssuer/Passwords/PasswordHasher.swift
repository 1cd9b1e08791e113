import CSodium
import Glibc
import Synchronization

// The folder Passwords hashes passwords. It does not use accounts, sessions or the limits on login attempts.

/// Hashes and checks passwords on its own threads, with a bounded queue. Callers suspend; they do not block a thread.
package final class PasswordHasher: Sendable {
    /// Maximum number of waiting jobs. Further jobs are refused with `busy`.
    package static let defaultQueueLimit = 256

    /// The most hashing threads that a service starts, however many processors it has.
    package static let maximumThreads = 8

    private let cost: PasswordHashingCost
    private let threads: HashingThreads
    private let unmatchable: String
    private let metrics: HashingMetrics
    /// Duration of the last hashing job in milliseconds. The `retryAfter` of a `busy` error is estimated from this
    /// duration.
    private let lastDuration = Mutex(Int64(50))

    /// Starts the threads that hash passwords.
    /// - Parameters:
    ///   - threads: the number of threads, at least 1. More threads than processors make every hash slower.
    ///   - queueLimit: the maximum number of waiting jobs, at least 1.
    ///   - cost: the cost of new hashes. Existing hashes are checked at their own cost.
    package init(
        threads: Int, queueLimit: Int = defaultQueueLimit, cost: PasswordHashingCost = .standard,
        metrics: IssuerMetrics = .none
    ) {
        precondition(sodium_init() >= 0, "libsodium found no random source")
        self.cost = cost
        self.metrics = metrics.hashing
        self.threads = HashingThreads(count: threads, queueLimit: queueLimit, metrics: metrics.hashing)
        unmatchable = Argon2id.unmatchable(cost: cost)
    }

    /// Hashes a password with a random salt.
    /// - Returns: a PHC string.
    /// - Throws: `busy` if the queue is full; `internal` if there is not enough memory; `CancellationError` if the task
    ///   was cancelled before the work began.
    package func hash(_ password: String) async throws -> String {
        let cost = cost
        guard let hash = try await run({ Argon2id.hash(PasswordBytes(password), cost: cost) }) else {
            throw IssuerError(.internal, "no \(cost.kibibytes) KiB of memory to hash a password")
        }
        return hash
    }

    /// Returns `true` if `password` matches the hash.
    /// - Parameter hash: a PHC string, or `nil` if the user does not exist. For `nil` the result is `false` after the
    ///   same work.
    /// - Throws: `busy` if the queue is full; `CancellationError` if the task was cancelled before the work began.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let text = hash ?? unmatchable
        return try await run { Argon2id.verify(PasswordBytes(password), against: text) } && hash != nil
    }

    /// Returns `true` if the hash has a cost other than the cost of new hashes, or is not an Argon2 PHC string.
    package func needsRehash(_ hash: String) -> Bool { Argon2id.needsRehash(hash, cost: cost) }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws -> Result {
        let timed = try await threads.run {
            let start = ContinuousClock.now
            let result = work()
            return (result: result, duration: start.duration(to: .now))
        }
        guard let (result, duration) = timed else {
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

    /// The estimated time until the queue is empty, in whole seconds from 1 to 30.
    static func wait(jobs: Int, threads: Int, millisecondsEach: Int64) -> Int {
        let milliseconds = Int64(jobs) * millisecondsEach / Int64(threads)
        return Int(min(30, max(1, (milliseconds + 999) / 1000)))
    }
}
