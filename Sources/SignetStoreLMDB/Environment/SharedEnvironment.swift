import SignetStore

/// The open environment, and who is using its map.
///
/// LMDB may resize the map, and be closed, only while this process has no transaction open. So readers and the writer
/// count themselves in and out, and whoever resizes keeps new ones out, waits for the others to leave, and lets
/// everyone in again: the only moment when a reader waits.
final class SharedEnvironment: Sendable {
    private let monitor: Monitor<State>
    private let maximumMapSize: Int
    private let reopen: @Sendable () throws(StoreError) -> LMDBEnvironment

    private struct State {
        /// `nil` once closed, or as long as it could not be opened again.
        var environment: LMDBEnvironment?
        var isClosed = false
        var readers = 0
        var isWriting = false
        var isExclusive = false
        /// Read transactions that wait for their next use.
        var idle: [ReadSlot] = []
    }

    /// Someone else's doing (a map that another process grows, a full reader table) is retried this often.
    private static let attempts = 16

    /// - Parameters:
    ///   - environment: belongs to the new object from here on.
    ///   - reopen: opens the environment again after a failure that LMDB does not go on from.
    init(
        environment: LMDBEnvironment, maximumMapSize: Int,
        reopen: @escaping @Sendable () throws(StoreError) -> LMDBEnvironment
    ) {
        monitor = Monitor(State(environment: environment))
        self.maximumMapSize = maximumMapSize
        self.reopen = reopen
    }
}

// MARK: - Reading

extension SharedEnvironment {
    /// Runs `body` on the newest snapshot, on the caller's thread.
    func read<Result>(_ body: (LMDBTransaction) throws -> Result) throws -> Result {
        let mark = ThreadMark(entering: self)
        defer { mark.leave() }
        let (environment, slot) = try checkOut()
        let transaction = slot.transaction(with: environment.tables)
        defer {
            transaction.end()
            slot.reset()
            leaveAsReader(returning: slot)
        }
        return try body(transaction)
    }

    private func checkOut() throws(StoreError) -> (LMDBEnvironment, ReadSlot) {
        for _ in 0..<Self.attempts {
            guard let (environment, idle) = try enterAsReader() else {
                try recover()
                continue
            }
            let failure: LMDBCode
            do throws(LMDBCode) {
                let slot: ReadSlot
                if let idle {
                    try environment.renew(idle)
                    slot = idle
                } else {
                    slot = try environment.beginRead()
                }
                return (environment, slot)
            } catch {
                failure = error
            }
            if failure == .readersFull { try? environment.clearStaleReaders() }
            leaveAsReader(returning: idle)
            switch failure {
            case .readersFull: continue
            case .mapResized: try adoptMapSize()
            case .panic: try recover()
            default: throw failure.storeError(while: "begin a read")
            }
        }
        throw StoreError(.busy, "no read could begin: every reader slot is taken, or the map keeps changing")
    }

    /// - Returns: `nil`, without having entered, when the environment has to be opened again.
    private func enterAsReader() throws(StoreError) -> (LMDBEnvironment, ReadSlot?)? {
        try monitor.withLock(when: { !$0.isExclusive }) { state throws(StoreError) in
            guard !state.isClosed else { throw Self.closed }
            guard let environment = state.environment else { return nil }
            state.readers += 1
            return (environment, state.idle.popLast())
        }
    }

    private func leaveAsReader(returning slot: ReadSlot?) {
        let isAwaited = monitor.withLock { state in
            state.readers -= 1
            if let slot { state.idle.append(slot) }
            return state.isExclusive && state.readers == 0
        }
        if isAwaited { monitor.announce() }
    }
}

// MARK: - Writing

extension SharedEnvironment {
    /// Runs `body` in a write transaction, which is committed when `body` returns true and leaves no trace otherwise.
    ///
    /// Only on the writer's thread. When it returns, the commit is on disk.
    func write(_ body: (WriteTransaction) throws(LMDBCode) -> Bool) throws(WriteFailure) {
        let environment = try enterAsWriter()
        defer { leaveAsWriter() }
        let mark = ThreadMark(entering: self)
        defer { mark.leave() }
        try environment.write(body)
    }

    private func enterAsWriter() throws(WriteFailure) -> LMDBEnvironment {
        try monitor.withLock(when: { !$0.isExclusive }) { state throws(WriteFailure) in
            guard let environment = state.environment else { throw .closed }
            state.isWriting = true
            return environment
        }
    }

    private func leaveAsWriter() {
        let isAwaited = monitor.withLock { state in
            state.isWriting = false
            return state.isExclusive
        }
        if isAwaited { monitor.announce() }
    }

    /// The error for a commit that `code` stopped, with nothing written.
    func refusal(of code: LMDBCode) -> StoreError {
        // A write that the disk had room for in part only is reported by LMDB as an input/output error.
        if code == .inputOutput, let environment = try? enterAsWriter() {
            defer { leaveAsWriter() }
            guard DiskRoom.isLeft(for: environment.fileDescriptor) else {
                return StoreError(.full, "commit: the disk is full")
            }
        }
        return code.storeError(while: "commit")
    }

    /// How much is mapped and used; `nil` while there is no environment. Only on the writer's thread.
    var extent: StoreExtent? {
        guard let environment = try? enterAsWriter() else { return nil }
        defer { leaveAsWriter() }
        return environment.extent
    }

    /// Frees the reader slots of killed processes.
    func clearStaleReaders() {
        guard let environment = try? enterAsWriter() else { return }
        defer { leaveAsWriter() }
        // Not a reason to stop: it will be tried again, and until then the file grows instead of reusing pages.
        try? environment.clearStaleReaders()
    }
}

// MARK: - The map

extension SharedEnvironment {
    /// Doubles the map. Returns false when it is at its maximum, or the system has no address space for it.
    func growMap() throws(StoreError) -> Bool {
        try exclusively { state throws(StoreError) in
            guard let environment = state.environment else { throw Self.closed }
            let size = min(environment.mapSize * 2, maximumMapSize)
            guard size > environment.mapSize else { return false }
            do throws(LMDBCode) {
                try environment.resizeMap(to: size)
                return true
            } catch {
                // LMDB has unmapped already, and cannot be asked to map the old size again.
                try renew(&state)
                return false
            }
        }
    }

    /// Maps what another process has grown the map to.
    func adoptMapSize() throws(StoreError) {
        try exclusively { state throws(StoreError) in
            guard let environment = state.environment else { return }
            do throws(LMDBCode) {
                try environment.adoptMapSize()
            } catch {
                try renew(&state)
            }
        }
    }
}

// MARK: - Opening again, closing

extension SharedEnvironment {
    /// Opens the environment again if it cannot go on.
    func recover() throws(StoreError) {
        try exclusively { state throws(StoreError) in
            guard !state.isClosed else { throw Self.closed }
            guard state.environment?.isBroken ?? true else { return }
            try renew(&state)
        }
    }

    /// Waits for those who are inside and closes the environment; later reads and writes are refused.
    func close() {
        exclusively { state in
            state.isClosed = true
            Self.discard(&state)
        }
    }

    private func renew(_ state: inout State) throws(StoreError) {
        // What the failed commit left in the system's cache must not be taken for durable.
        let failure: LMDBCode?
        do throws(LMDBCode) {
            try state.environment?.synchronize()
            failure = nil
        } catch {
            failure = error
        }
        Self.discard(&state)
        if let failure { throw failure.storeError(while: "write the store to disk after a failed commit") }
        state.environment = try reopen()
    }

    private static func discard(_ state: inout State) {
        for slot in state.idle { slot.abort() }
        state.idle.removeAll()
        state.environment?.close()
        state.environment = nil
    }

    private static let closed = StoreError(.closed, "the store is closed")

    /// Runs `body` while no transaction of this process is open.
    private func exclusively<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        monitor.withLock(when: { !$0.isExclusive }) { $0.isExclusive = true }
        defer { monitor.announce() }
        return try monitor.withLock(when: { $0.readers == 0 && !$0.isWriting }) { state throws(Failure) in
            defer { state.isExclusive = false }
            return try body(&state)
        }
    }
}
