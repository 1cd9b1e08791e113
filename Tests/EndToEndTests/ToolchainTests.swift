import Foundation
import TestSupport
import Testing

@Suite("Scripts/setup", .timeLimit(.minutes(10)))
struct ToolchainTests {
    private func setup(path: String) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = Repository.root.appending(path: "Scripts/setup")
        process.environment = ["PATH": path]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let errors = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: errors, as: UTF8.self))
    }

    @Test func `A missing toolchain is reported with the required version and a download address`() throws {
        let result = try setup(path: "/usr/bin:/bin")
        #expect(result.status == 69)
        #expect(result.errors.contains("Swift 6.3"))
        #expect(result.errors.contains("https://www.swift.org/install"))
    }

    @Test(arguments: ["5.10", "6.2.4"])
    func `An old toolchain is reported with its version`(version: String) throws {
        let directory = TemporaryDirectory()
        let swift = directory.url.appending(path: "swift")
        try Data("#!/bin/sh\necho 'Swift version \(version) (swift-\(version)-RELEASE)'\n".utf8).write(to: swift)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift.path)
        let result = try setup(path: "\(directory.url.path):/usr/bin:/bin")
        #expect(result.status == 69)
        #expect(result.errors.contains(version.split(separator: ".").prefix(2).joined(separator: ".")))
    }
}
