extension LMDBStore {
    /// What an operator may tune; the defaults suit one server with up to some million users.
    package struct Options: Sendable {
        /// Bytes of address space mapped at first, when the data file does not need more. Default 64 MiB.
        ///
        /// Address space only: neither memory nor disk. The map doubles by itself whenever it is full.
        package var initialMapSize = 64 << 20

        /// Bytes of address space beyond which the map does not grow; the store is then
        /// ``StoreError/Code/full``. Default 256 GiB.
        package var maximumMapSize = 256 << 30

        /// Writes that may wait for the writer; one more is refused as ``StoreError/Code/busy``. Default 1024.
        package var waitingWrites = 1024

        /// Writes that share one commit at most. Default 256.
        package var writesPerCommit = 256

        /// How long a commit may wait for company while many writes arrive, see ``CommitPacing``. Default 8 ms.
        package var longestPause = Duration.milliseconds(8)

        /// Read transactions at once, over all processes that have the store open. Default 512.
        ///
        /// The process that opens the store first decides.
        package var readers = 512

        package init() {}
    }
}
