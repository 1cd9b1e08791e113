import Foundation

/// Where things are while tests run.
enum Repository {
    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The directory into which this build put its products: the one that the running test bundle lies in.
    static let products: URL = {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: executable).deletingLastPathComponent()
    }()

    /// The `signet` binary of this build.
    static let signet = products.appending(path: "signet")
}
