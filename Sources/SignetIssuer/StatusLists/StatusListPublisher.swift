import SignetStore
import Synchronization

/// Makes the status lists that are asked for: each at most once a period, one build at a time, off the path of requests.
///
/// What other processes revoke is in the next list as well, because every list is read from the store.
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

    /// List `number`, read from the store two periods ago at most; `nil` when there is none of this number.
    func list(_ number: Int) async throws -> PublishedStatusList? {
        let isKnown = slots.withLock { $0[number] != nil }
        // Numbers that nobody gave out leave nothing behind.
        if !isKnown {
            guard number >= 0, try store.read({ try $0.statusListCount() }) > number else { return nil }
        }
        switch step(for: number, at: now()) {
        case .serve(let list): return list
        case .wait(let task): return try await task.value.list
        }
    }

    private func step(for number: Int, at now: Timestamp) -> Step {
        slots.withLock { slots in
            var slot = slots[number] ?? Slot()
            defer { slots[number] = slot }
            let age = slot.build.map { now.since($0.readAt) }
            // A clock that was set back says nothing about the age.
            if let build = slot.build, let age, .zero <= age, age < policy.period { return .serve(build.list) }
            let task = slot.task ?? start(number, former: slot.build, at: now)
            slot.task = task
            if let build = slot.build, let age, .zero <= age, age < policy.period * 2 { return .serve(build.list) }
            return .wait(task)
        }
    }

    private func start(
        _ number: Int, former: StatusListBuild?, at now: Timestamp
    ) -> Task<StatusListBuild, any Error> {
        Task(priority: .utility) { [self] in
            let result: Result<StatusListBuild, any Error>
            do {
                result = .success(
                    try await StatusListBuild(
                        of: number, store: store, keyring: keyring, location: location, policy: policy, former: former,
                        at: now))
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
