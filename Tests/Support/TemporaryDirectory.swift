package import Foundation

/// A new, empty directory that is removed with everything in it when the object goes.
package final class TemporaryDirectory: Sendable {
    package let url: URL

    package var path: String { url.path }

    package init() {
        url = FileManager.default.temporaryDirectory.appending(path: "signet-test-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("cannot create a temporary directory: \(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of an entry of the directory, which need not exist.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// The names of all entries.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// Every file of the directory, or of a folder in it, with its bytes, by name.
    package func files(in folder: String = "") -> [String: [UInt8]] {
        let directory = path + "/" + folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, [UInt8](FileManager.default.contents(atPath: "\(directory)/\($0)") ?? Data()))
            })
    }

    /// Creates or replaces a file of this mode.
    package func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws {
        let file = "\(path)/\(name)"
        _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    /// The permission bits of a file.
    package func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    /// Creates a directory in this one, unless it exists.
    package func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }
}
