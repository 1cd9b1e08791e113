package import CoreMetrics
package import SignetStore

/// A store in one LMDB environment: one directory with a data file and a lock file.
///
/// Reads run on the caller's thread and see the last commit. Writes run on one thread of their own, which gives
/// everything that waits one durable commit. Other processes may have the same directory open, and read and write it;
/// one process opens a directory once at a time.
///
/// The files carry no checksums. Opening checks that the file is whole and its pages are what they should be, and a
/// record is checked when it is read; but a page damaged while the store is open may stop the process.
///
/// A full disk does not stop a process only if a file beyond its size limit does not, either: a program that runs under
/// such a limit ignores SIGXFSZ.
package final class LMDBStore: Store {
    private let environment: SharedEnvironment
    private let committer: GroupCommitter

    private init(environment: SharedEnvironment, committer: GroupCommitter) {
        self.environment = environment
        self.committer = committer
    }

    deinit {
        // Not `close()`: the last reference may go away on the writer's own thread.
        committer.beginClosing()
    }

    /// Opens the store in the directory `path`, which is created (0700) together with an empty store (0600) if need be.
    ///
    /// Anything that is not a whole store of this version is refused and left as it is.
    /// - Parameter creating: `false` to refuse, as ``StoreError/Code/inaccessible``, a directory without a store, and to
    ///   leave it as it is.
    /// - Parameter metrics: where the store's measurements go; see ``StoreMetric``.
    /// - Throws: ``StoreError/Code/inaccessible`` when the directory or a file in it cannot be created, read or written,
    ///   or is open in this process already; ``StoreError/Code/corrupt`` for a data file that is truncated, damaged or
    ///   no store; ``StoreError/Code/newerVersion`` for a store of a newer version; ``StoreError/Code/failure``.
    package static func open(
        path: String, options: Options = Options(), creating: Bool = true,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) throws(StoreError) -> LMDBStore {
        let opening = StoreOpening(path: path, options: options)
        let claim = try opening.claimDirectory(creating: creating)
        do throws(StoreError) {
            let environment = SharedEnvironment(
                environment: creating ? try opening.openOrCreate() : try opening.openExisting(),
                maximumMapSize: options.maximumMapSize,
                reopen: { () throws(StoreError) in try opening.openExisting() })
            let committer = GroupCommitter(
                environment: environment, options: options, metrics: StoreMetrics(factory: metrics))
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

    /// Refuses new writes, commits those that wait, and closes the environment; returns when all of that is done.
    ///
    /// Later reads and writes throw ``StoreError/Code/closed``; closing again does nothing. Not to be called from
    /// inside a read or a write.
    package func close() {
        let mark = ThreadMark(entering: environment)
        defer { mark.leave() }
        committer.beginClosing()
        committer.waitForEnd()
    }

    /// As ``Store/read(_:)``; ``StoreError/Code/busy`` when every reader slot is taken. It waits only while the map is
    /// being resized. A read inside a read or a write is a mistake in the program and stops it.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try environment.read { transaction in try body(LMDBReader(transaction: transaction)) }
    }

    /// As ``Store/write(_:)``. Cancelling the task does not take the write back, nor shorten the wait.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { caller in
            committer.submit(WriteRequest(caller: caller, body: body))
        }
    }
}
