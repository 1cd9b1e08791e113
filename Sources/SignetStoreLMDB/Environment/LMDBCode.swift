import CLMDB
import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The result code of an LMDB call: zero for success, a negative code of LMDB, or an `errno` value.
///
/// This type is a struct and not an enum, so that it can hold and report unknown codes.
struct LMDBCode: RawRepresentable, Error, Hashable, Sendable, CustomStringConvertible {
    let rawValue: CInt

    static let success = LMDBCode(rawValue: MDB_SUCCESS)
    static let notFound = LMDBCode(rawValue: MDB_NOTFOUND)
    static let pageNotFound = LMDBCode(rawValue: MDB_PAGE_NOTFOUND)
    static let corrupted = LMDBCode(rawValue: MDB_CORRUPTED)
    static let panic = LMDBCode(rawValue: MDB_PANIC)
    static let versionMismatch = LMDBCode(rawValue: MDB_VERSION_MISMATCH)
    static let invalid = LMDBCode(rawValue: MDB_INVALID)
    static let mapFull = LMDBCode(rawValue: MDB_MAP_FULL)
    static let readersFull = LMDBCode(rawValue: MDB_READERS_FULL)
    static let mapResized = LMDBCode(rawValue: MDB_MAP_RESIZED)
    static let inputOutput = LMDBCode(rawValue: EIO)
    static let incompatible = LMDBCode(rawValue: MDB_INCOMPATIBLE)

    /// Throws `raw` as an error unless it is `MDB_SUCCESS`.
    static func check(_ raw: CInt) throws(LMDBCode) {
        guard raw == MDB_SUCCESS else { throw LMDBCode(rawValue: raw) }
    }

    /// The message of LMDB or of the system for this code.
    var description: String { unsafe String(cString: mdb_strerror(rawValue)) }

    /// Makes the ``StoreError`` for a step that failed with this code.
    /// - Parameter step: the failed step, as an imperative: "open the store in /data".
    func storeError(while step: String) -> StoreError {
        StoreError(storeCode, "\(step): \(description)")
    }

    private var storeCode: StoreError.Code {
        switch self {
        case .mapFull: return .full
        case .readersFull: return .busy
        case .corrupted, .pageNotFound, .invalid, .versionMismatch, .incompatible: return .corrupt
        default: break
        }
        switch rawValue {
        case ENOSPC, EDQUOT, EFBIG: return .full
        case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG: return .inaccessible
        default: return .failure
        }
    }
}
