#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A directory of a test's own, removed with everything in it when the object goes.
final class TemporaryDirectory: Sendable {
    let path: String

    /// - Parameter parent: where to make it; by default the system's place for temporary files.
    init(in parent: String = "/tmp") throws {
        var template = Array("\(parent)/signet-store-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Failure(step: "mkdtemp", code: errno) }
        path = unsafe String(cString: made)
    }

    deinit {
        unsafe nftw(path, { path, _, _, _ in unsafe path.map { unsafe remove($0) } ?? 0 }, 16, FTW_DEPTH | FTW_PHYS)
    }

    struct Failure: Error {
        let step: String
        let code: CInt
    }
}
