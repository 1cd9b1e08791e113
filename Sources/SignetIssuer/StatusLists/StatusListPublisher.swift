// The folder StatusLists builds and serves the issuer's Token Status Lists. The module StatusList encodes the bits of a
// list. Each session has one entry in a list. The session's record holds the index of the entry.

import SignetKeyring
import SignetStore
import Synchronization

/// Builds status lists on request. Builds each list at most once per ``StatusListPolicy/period``, and never runs two
/// builds of the same list at the same time.
///
/// Each build reads the store, so a list also shows revocations by other processes.
final class StatusListPublisher: Sendable {
    private struct Slot {
        var build: StatusListBuild?
        var task: Task<StatusListBuild, any Error>?
    }

    private enum Step {
        case serve(PublishedStatusList)
        case wait(Task<StatusListBuild, any Error>)
    }

    private let store: any Store
    private let keyring: Keyring
    private let location: StatusListLocation
    private let policy: StatusListPolicy
    private let now: @Sendable () -> Timestamp
    private let slots = Mutex<[Int: Slot]>([:])

    init(
        store: any Store, keyring: Keyring, location: StatusListLocation, policy: StatusListPolicy,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.keyring = keyring
        self.location = location
        self.policy = policy
        self.now = now
    }

    /// Returns the list with this number; `nil` if no such list exists. The list is at most twice
    /// ``StatusListPolicy/period`` old, and does not show revocations since its build.
    func list(_ number: Int) async throws -> PublishedStatusList? {
        let isKnown = slots.withLock { $0[number] != nil }
        // A list gets a slot in memory only if it exists. Otherwise requests for unused numbers could fill the memory.
        if !isKnown {
            guard number >= 0, try await store.statusListCount() > number else { return nil }
        }
        switch step(for: number, at: now()) {
        case .serve(let list): return list
        case .wait(let task): return try await task.value.list
        }
    }

    /// Returns the list with this number if it was built less than one ``StatusListPolicy/period`` ago; otherwise
    /// `nil`. Never waits.
    func built(_ number: Int) -> PublishedStatusList? {
        let now = now()
        return slots.withLock { slots in
            guard let build = slots[number]?.build else { return nil }
            let age = now.since(build.readAt)
            return .zero <= age && age < policy.period ? build.list : nil
        }
    }

    private func step(for number: Int, at now: Timestamp) -> Step {
        slots.withLock { slots in
            var slot = slots[number] ?? Slot()
            defer { slots[number] = slot }
            // The age of the newest build. If the clock was set back, the age is negative, and the list is built again.
            let age = slot.build.map { now.since($0.readAt) }
            if let build = slot.build, let age, .zero <= age, age < policy.period { return .serve(build.list) }
            let task = slot.task ?? startBuild(of: number, previous: slot.build, at: now)
            slot.task = task
            if let build = slot.build, let age, .zero <= age, age < policy.period * 2 { return .serve(build.list) }
            return .wait(task)
        }
    }

    private func startBuild(
        of number: Int, previous: StatusListBuild?, at now: Timestamp
    ) -> Task<StatusListBuild, any Error> {
        Task(priority: .utility) { [self] in
            let result: Result<StatusListBuild, any Error>
            do {
                result = .success(
                    try await StatusListBuild(
                        of: number, store: store, keyring: keyring, location: location, policy: policy,
                        previous: previous, at: now))
            } catch {
                result = .failure(error)
            }
            slots.withLock { slots in
                slots[number]?.task = nil
                if case .success(let build) = result { slots[number]?.build = build }
            }
            return try result.get()
        }
    }
}

/// How often a status list is built and how long it is served and cached.
///
/// A list is built at most once per ``period``. While the next list is built, the old list is served for at most
/// another period. A verifier may cache a list for ``maxAge`` seconds. Verifiers therefore see a revocation after at
/// most two periods and ``maxAge``.
struct StatusListPolicy: Sendable, Hashable {
    let period: Duration
    /// How long a verifier may cache a list, in whole seconds.
    let maxAge: Int

    /// Derives ``period`` and ``maxAge`` from the time that a revocation may take to reach verifiers.
    /// - Parameter freshness: maximum time from a revocation until every verifier that reads status lists sees the
    ///   revocation, 5 seconds to 1 hour.
    init(freshness: Duration) {
        let seconds = max(5, Int(freshness.components.seconds))
        let period = seconds / 5
        self.period = .seconds(period)
        maxAge = seconds - 2 * period
    }

    /// Time from `iat` to `exp` of a list. A verifier that cannot reach the issuer may use its last list until `exp`.
    let lifetime = StatusListEntry.longestListLifetime
}
