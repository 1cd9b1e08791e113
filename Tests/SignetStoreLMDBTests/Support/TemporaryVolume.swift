import Foundation
import Glibc
import TestSupport

/// A small file system in memory, mounted on a temporary directory.
final class TemporaryVolume {
    private let directory: TemporaryDirectory

    var path: String { directory.path }

    /// True if this process has the right to mount a file system.
    static let isPossible: Bool = (try? TemporaryVolume(byteCount: 1 << 20)) != nil

    init(byteCount: Int) throws {
        directory = TemporaryDirectory()
        guard unsafe mount("tmpfs", directory.path, "tmpfs", 0, "size=\(byteCount)") == 0 else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    deinit { unsafe umount(path) }
}
