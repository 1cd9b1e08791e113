import SignetStore

/// A write that waits for its turn, or for the commit that carries it.
protocol PendingWrite: Sendable {
    /// Runs the caller's closure and keeps its outcome; the last run counts. Only on the writer's thread.
    /// - Returns: whether the closure returned, so that what it wrote shall stay.
    func run(on writer: LMDBWriter) -> Bool

    /// Gives the caller the outcome of the last run. Once, instead of ``refuse(_:)``.
    func answer()

    /// Gives the caller `error`. Once, instead of ``answer()``.
    func refuse(_ error: StoreError)
}
