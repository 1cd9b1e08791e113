package import CoreMetrics
package import SignetStore

/// A store in one LMDB environment: a directory with a data file and a lock file.
///
/// Reads run on the caller's thread and see the last commit. Writes run on one writer thread, which commits all waiting
/// writes together. Several processes may open the same directory, but each process only once at a time.
///
/// The files have no checksums. Opening checks the structure of the data file, and every record is checked when it is
/// read. A page that is damaged while the store is open may stop the process.
///
/// A program that runs under a file size limit must ignore SIGXFSZ. Otherwise the system kills it when the data file
/// reaches the limit; with the signal ignored, the store is ``StoreError/Code/full``.
package final class LMDBStore: Store {
    private let environment: SharedEnvironment
    private let committer: GroupCommitter

    private init(environment: SharedEnvironment, committer: GroupCommitter) {
        self.environment = environment
        self.committer = committer
    }

    deinit {
        // Not `close()`, which would wait for ever if the last reference goes away on the writer's thread.
        committer.beginClosing()
    }

    /// Opens the store in the directory `path`. Creates the directory with mode 0700, and an empty store with mode
    /// 0600, if they are missing.
    ///
    /// A file that is refused is not changed.
    /// - Parameters:
    ///   - path: the directory.
    ///   - creating: `false` to throw ``StoreError/Code/inaccessible`` instead of creating anything.
    ///   - metrics: the backend for the store's measurements; see ``StoreMetric``.
    /// - Throws: ``StoreError/Code/inaccessible`` if the directory or a file in it cannot be created, read or written,
    ///   or if this process already has it open; ``StoreError/Code/corrupt`` if the data file is truncated, damaged or
    ///   not a store; ``StoreError/Code/newerVersion`` if a newer version of Signet wrote the store;
    ///   ``StoreError/Code/full``; ``StoreError/Code/failure``.
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

    /// Refuses new writes, commits the waiting ones, closes the environment, and returns when all of that is done.
    ///
    /// Later reads and writes throw ``StoreError/Code/closed``. Closing again does nothing. A call inside a read or a
    /// write stops the process.
    package func close() {
        let mark = ThreadMark(entering: environment)
        defer { mark.leave() }
        committer.beginClosing()
        committer.waitForEnd()
    }

    /// Runs `body` on the newest snapshot, as ``Store/read(_:)`` says. It waits only while the map is being resized.
    ///
    /// A read inside a read or a write stops the process.
    /// - Throws: ``StoreError/Code/busy`` if every reader slot is taken.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try environment.read { transaction in try body(LMDBReader(transaction: transaction)) }
    }

    /// Commits the changes of `body` durably, as ``Store/write(_:)`` says. Cancelling the task neither undoes the write
    /// nor shortens the wait.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { caller in
            committer.submit(WriteRequest(caller: caller, body: body))
        }
    }
}

extension LMDBStore {
    /// The sizes and limits of a store. The defaults suit one server with up to some million users.
    package struct Options: Sendable {
        /// Bytes of address space to map at first. Default 64 MiB.
        ///
        /// Address space takes neither memory nor disk. The map starts larger if the data file needs it, and doubles
        /// whenever it is full.
        package var initialMapSize = 64 << 20

        /// Bytes of address space beyond which the map does not grow. Writes that need more throw
        /// ``StoreError/Code/full``. Default 256 GiB.
        package var maximumMapSize = 256 << 30

        /// The most writes that may wait for the writer. Further ones throw ``StoreError/Code/busy``. Default 1024.
        package var waitingWrites = 1024

        /// The most writes in one commit. Default 256.
        package var writesPerCommit = 256

        /// The longest time that the writer waits for more writes before a commit. Default 8 ms.
        package var longestPause = Duration.milliseconds(8)

        /// The most concurrent read transactions of all processes that have the store open. Default 512.
        ///
        /// The process that opens the store first decides.
        package var readers = 512

        package init() {}
    }
}
