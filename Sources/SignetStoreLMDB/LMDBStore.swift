package import CoreMetrics
package import SignetStore

/// A store in one LMDB environment: a directory with a data file and a lock file.
///
/// A read runs on the caller's thread and sees the last commit. Writes run on one writer thread, which commits all
/// waiting writes together. Several processes may open the same directory, but one process may not open it twice at a
/// time.
///
/// The files have no checksums. Opening the store checks the structure of the data file, and reading a record checks
/// that record. If a page is damaged while the store is open, the process may stop.
///
/// A program with a limit on file sizes must ignore SIGXFSZ. Otherwise the system kills the program when the data file
/// reaches the limit. If SIGXFSZ is ignored, a write at the limit throws ``StoreError/Code/full``.
package final class LMDBStore: LocalStore, AuditInspectableStore {
    private let environment: SharedEnvironment
    private let committer: GroupCommitter

    private init(environment: SharedEnvironment, committer: GroupCommitter) {
        self.environment = environment
        self.committer = committer
    }

    deinit {
        // Do not call `close()` in `deinit`. `close()` waits for the writer thread, so it would wait for ever if the
        // writer thread itself releases the last reference to the store.
        committer.beginClosing()
    }

    /// Opens the store in the directory `path`. If the directory is missing, creates it with mode 0700. If the store is
    /// missing, creates an empty one with mode 0600.
    ///
    /// If this function throws because of a file's content, it leaves the file unchanged.
    /// - Parameters:
    ///   - path: the directory.
    ///   - creating: true to create a missing directory or store; false to throw ``StoreError/Code/inaccessible``
    ///     instead.
    ///   - metrics: the backend for the store's measurements; see ``StoreMetric``.
    /// - Throws: ``StoreError/Code/inaccessible`` if the directory or a file in it cannot be created, read or written,
    ///   or if this process already has the store open; ``StoreError/Code/corrupt`` if the data file is truncated,
    ///   damaged or not a store; ``StoreError/Code/newerVersion`` if a newer version of Signet wrote the store;
    ///   ``StoreError/Code/full`` if the disk is full; ``StoreError/Code/busy`` if other processes change the store too
    ///   fast to check it; ``StoreError/Code/failure`` if LMDB or the system fails in another way.
    package static func open(
        path: String, options: Options = Options(), creating: Bool = true,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) throws(StoreError) -> LMDBStore {
        let opening = StoreOpening(
            path: path, initialMapSize: options.initialMapSize, maximumMapSize: options.maximumMapSize,
            readers: options.readers)
        let claim = try opening.claimDirectory(creating: creating)
        do throws(StoreError) {
            let environment = SharedEnvironment(
                environment: creating ? try opening.openOrCreate() : try opening.openExisting(),
                maximumMapSize: options.maximumMapSize,
                reopen: { () throws(StoreError) in try opening.openExisting() })
            let committer = GroupCommitter(
                environment: environment, waitingLimit: options.waitingWrites, batchLimit: options.writesPerCommit,
                longestPause: options.longestPause, metrics: StoreMetrics(factory: metrics))
            do throws(StoreError) {
                try WriterThread.start {
                    committer.run()
                    environment.close()
                    claim.release()
                    committer.end()
                }
            } catch {
                environment.close()
                throw error
            }
            return LMDBStore(environment: environment, committer: committer)
        } catch {
            claim.release()
            throw error
        }
    }

    /// Closes the store: refuses new writes, commits the waiting writes, and closes the environment. Returns when the
    /// environment is closed.
    ///
    /// Later reads and writes throw ``StoreError/Code/closed``. Closing a closed store does nothing. A call inside a
    /// closure of a read or write stops the process.
    package func close() {
        ThreadMark.with(environment) {
            committer.beginClosing()
            committer.waitForEnd()
        }
    }

    /// Runs `body` on the newest snapshot; see ``LocalStore/read(_:)``. Waits only while LMDB's memory map is resized or the
    /// environment is reopened.
    ///
    /// A call inside the closure of another read or write of this store stops the process.
    /// - Throws: ``StoreError/Code/busy`` if every reader slot is taken.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try environment.read { transaction in try body(LMDBReader(transaction: transaction)) }
    }

    package func inspectAudit<Result>(_ body: (any AuditInspector) throws -> Result) throws -> Result {
        try environment.read { transaction in try body(LMDBReader(transaction: transaction)) }
    }

    /// Runs `body` and commits its changes durably; see ``LocalStore/write(_:)``. Cancelling the task has no effect: the
    /// write is committed, and the caller waits for the commit.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { caller in
            committer.submit(WriteRequest(caller: caller, body: body))
        }
    }
}

extension LMDBStore {
    /// The sizes and limits of a store. The defaults suit one server with a few million users.
    package struct Options: Sendable {
        /// The size of the memory map when the store opens, in bytes of address space. Default 64 MiB.
        ///
        /// Address space uses neither memory nor disk. If the data file needs a larger map, the map starts larger.
        /// Whenever the map is full, its size is doubled.
        package var initialMapSize = 64 << 20

        /// The maximum size of the memory map, in bytes of address space. A write that needs a larger map throws
        /// ``StoreError/Code/full``. Default 256 GiB.
        package var maximumMapSize = 256 << 30

        /// The maximum number of writes that may wait for a commit. A further write throws ``StoreError/Code/busy``.
        /// Default 1024.
        package var waitingWrites = 1024

        /// The maximum number of writes in one commit. Default 256.
        package var writesPerCommit = 256

        /// The longest time that the writer waits for more writes before a commit. Default 8 ms.
        package var longestPause = Duration.milliseconds(8)

        /// The maximum number of concurrent read transactions, counted over all processes that have the store open.
        /// Default 512.
        ///
        /// All processes use the value of the process that opened the store first.
        package var readers = 512

        package init() {}
    }
}
