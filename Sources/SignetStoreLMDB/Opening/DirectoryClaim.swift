import SignetStore
import Synchronization

/// The right of one open store to its directory within this process.
///
/// LMDB's locks belong to the process: a second environment on the same files, closed, would take them from the first.
final class DirectoryClaim: Sendable {
    /// Which directory it is, whatever path led there.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    private static let claimed = Mutex<Set<Identity>>([])
    private let identity: Identity

    /// - Throws: ``StoreError/Code/inaccessible`` when this process has the directory's store open.
    init(_ identity: Identity, path: String) throws(StoreError) {
        let isFree = Self.claimed.withLock { $0.insert(identity).inserted }
        guard isFree else {
            throw StoreError(.inaccessible, "the store in \(path) is open in this process already; close it first")
        }
        self.identity = identity
    }

    /// Lets the directory be opened again. Only once, after the environment is closed.
    func release() {
        _ = Self.claimed.withLock { $0.remove(identity) }
    }
}
