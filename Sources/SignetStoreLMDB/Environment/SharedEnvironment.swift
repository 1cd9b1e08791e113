import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The open LMDB environment that the threads of this process share.
///
/// LMDB allows a process to resize the map or to close the environment only while the process has no transaction open.
/// So this type counts the open read and write transactions. Before a resize or a close, it holds back new transactions
/// and waits until the open ones have ended. At all other times, reads do not wait.
final class SharedEnvironment: Sendable {
    private let monitor: Monitor<State>
    private let maximumMapSize: Int
    private let reopen: @Sendable () throws(StoreError) -> LMDBEnvironment

    private struct State {
        /// The environment; `nil` after ``close()``, or if an attempt to open it again failed.
        var environment: LMDBEnvironment?
        var isClosed = false
        /// The number of open read transactions.
        var readers = 0
        var isWriting = false
        /// True while one thread resizes, reopens or closes the environment, or waits to do so. New transactions then
        /// wait.
        var isExclusive = false
        /// Reader slots that are not in use and can be reused.
        var idle: [ReadSlot] = []
    }

    /// The maximum number of attempts to begin a read. An attempt fails if another process has grown the map or the
    /// reader table is full.
    private static let attempts = 16

    /// Takes over an open environment.
    /// - Parameters:
    ///   - environment: an open environment. The new object closes it.
    ///   - maximumMapSize: the size in bytes above which ``growMap()`` does not grow the map.
    ///   - reopen: opens the same environment again. It is called after LMDB has failed and refuses further calls.
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
    /// - Throws: the error of `body`, or a ``StoreError``: ``StoreError/Code/busy`` if every reader slot is taken.
    func read<Result>(_ body: (LMDBTransaction) throws -> Result) throws -> Result {
        try ThreadMark.with(self) {
            let (environment, slot) = try checkOut()
            let transaction = slot.transaction(with: environment.tables)
            defer {
                transaction.end()
                slot.reset()
                leaveAsReader(returning: slot)
            }
            return try body(transaction)
        }
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
        throw StoreError(
            .busy,
            "the read could not begin: every reader slot is taken, or other processes keep growing the map; try again")
    }

    /// Counts the caller as a reader and takes an idle reader slot, if there is one.
    /// - Returns: the environment, and the slot or `nil` if no slot is idle. If the environment is not open, the whole
    ///   result is `nil` and the caller is not counted; the caller must call ``recover()``.
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
    /// Runs `body` in a write transaction, and commits it durably if `body` returns true.
    ///
    /// Call it only on the writer's thread.
    func write(_ body: (WriteTransaction) throws(LMDBCode) -> Bool) throws(WriteFailure) {
        let environment = try enterAsWriter()
        defer { leaveAsWriter() }
        try ThreadMark.with(self) { () throws(WriteFailure) in try environment.write(body) }
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

    /// Makes the ``StoreError`` for a commit that failed with `code` and wrote nothing.
    func refusal(of code: LMDBCode) -> StoreError {
        // LMDB reports EIO for a defect of the disk, but also if the disk became full during a write. Find out which it
        // was.
        if code == .inputOutput, let environment = try? enterAsWriter() {
            defer { leaveAsWriter() }
            guard DiskRoom.isLeft(for: environment.fileDescriptor) else {
                return StoreError(.full, "commit: the disk is full")
            }
        }
        return code.storeError(while: "commit")
    }

    /// The size of the store; `nil` if the environment is not open. Call this only on the writer's thread.
    var extent: StoreExtent? {
        guard let environment = try? enterAsWriter() else { return nil }
        defer { leaveAsWriter() }
        return environment.extent
    }

    /// Frees the reader slots of killed processes.
    func clearStaleReaders() {
        guard let environment = try? enterAsWriter() else { return }
        defer { leaveAsWriter() }
        // Ignore a failure. LMDB cannot reuse pages that the slot of a killed process refers to. The file may therefore
        // grow until a later call of this method succeeds.
        try? environment.clearStaleReaders()
    }
}

// MARK: - The map

extension SharedEnvironment {
    /// Doubles the size of the memory map, up to its maximum size.
    /// - Returns: true if the map has grown; false if it has its maximum size or the system refused a larger map.
    func growMap() throws(StoreError) -> Bool {
        try exclusively { state throws(StoreError) in
            guard let environment = state.environment else { throw Self.closed }
            let size = min(environment.mapSize * 2, maximumMapSize)
            guard size > environment.mapSize else { return false }
            do throws(LMDBCode) {
                try environment.resizeMap(to: size)
                return true
            } catch {
                // After a failed resize, LMDB has no map any more, so close the environment and open it again.
                try renew(&state)
                return false
            }
        }
    }

    /// Enlarges the memory map to the size to which another process has grown it.
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
    /// Opens the environment again if LMDB refuses further calls on it, or if the last attempt to open it failed.
    func recover() throws(StoreError) {
        try exclusively { state throws(StoreError) in
            guard !state.isClosed else { throw Self.closed }
            guard state.environment?.isBroken ?? true else { return }
            try renew(&state)
        }
    }

    /// Waits until the open transactions have ended, and closes the environment. Later reads and writes throw.
    func close() {
        exclusively { state in
            state.isClosed = true
            Self.discard(&state)
        }
    }

    private func renew(_ state: inout State) throws(StoreError) {
        // A failed commit may have left pages that are only in the system's cache. Force them to disk before the
        // environment is opened again, because LMDB then treats everything in the file as durable.
        let failure: LMDBCode?
        do throws(LMDBCode) {
            try state.environment?.synchronize()
            failure = nil
        } catch {
            failure = error
        }
        Self.discard(&state)
        if let failure { throw failure.storeError(while: "force the store to disk after a failed commit") }
        state.environment = try reopen()
    }

    private static func discard(_ state: inout State) {
        for slot in state.idle { slot.abort() }
        state.idle.removeAll()
        state.environment?.close()
        state.environment = nil
    }

    private static let closed = StoreError(.closed, "the store is closed")

    /// Runs `body` while this process has no transaction open: holds back new transactions and waits until the open
    /// ones have ended.
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

/// Marks a thread that runs a closure of a store, to find nested reads and writes.
///
/// Reads and writes must not be nested. If the map must be resized after the outer one has begun, the inner one would
/// wait for ever. Every nested read or write stops the process, even if no resize is due, so that a test finds the
/// mistake.
@safe
struct ThreadMark {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "the system could not create a thread-local key")
        return key
    }()

    private let environment: UnsafeRawPointer
    private let outer: UnsafePointer<ThreadMark>?

    /// Runs `body` with a mark on the current thread. Stops the process if the thread already runs a closure of this
    /// store, even if a closure of another store runs inside that closure.
    static func with<Result, Failure: Error>(
        _ environment: SharedEnvironment, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let identity = unsafe UnsafeRawPointer(Unmanaged.passUnretained(environment).toOpaque())
        let outer = unsafe UnsafePointer(pthread_getspecific(key)?.assumingMemoryBound(to: ThreadMark.self))
        var next = unsafe outer
        while let mark = unsafe next {
            precondition(
                unsafe mark.pointee.environment != identity, "a store was used inside one of its own closures")
            unsafe next = mark.pointee.outer
        }
        // The marks of a thread are a linked list on its stack, so that a read allocates no memory.
        var mark = unsafe ThreadMark(environment: identity, outer: outer)
        return try unsafe withUnsafeMutablePointer(to: &mark) { pointer throws(Failure) in
            unsafe pthread_setspecific(key, pointer)
            defer { unsafe pthread_setspecific(key, outer) }
            return try body()
        }
    }
}
