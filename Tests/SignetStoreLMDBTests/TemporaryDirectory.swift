import Foundation

/// A directory of a test's own, removed with everything in it when the object goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let place = FileManager.default.temporaryDirectory
        path = place.appendingPathComponent("signet-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
