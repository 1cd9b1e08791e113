package import Foundation

/// A new, empty directory. It is removed with its whole content when this object is deallocated.
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

    /// The path of the entry `name` in this directory. The entry need not exist.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// The names of all entries of this directory.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// The bytes of every file in this directory, or in its subdirectory `folder`. The keys are the file names.
    package func files(in folder: String = "") -> [String: [UInt8]] {
        let directory = path + "/" + folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, [UInt8](FileManager.default.contents(atPath: "\(directory)/\($0)") ?? Data()))
            })
    }

    /// Writes the file `name` with the permission bits `mode`. Replaces an existing file.
    package func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws {
        let file = "\(path)/\(name)"
        _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    /// The permission bits of the file `name`.
    package func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    /// Creates the subdirectory `name`, unless it exists.
    package func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }
}
