import Foundation
import Glibc
import LocalFiles
import TestSupport
import Testing

@testable import SignetClient

@Suite("The lock of a token file", .timeLimit(.minutes(1)))
struct TokenFileLockTests {
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "signet-client-\(UUID().uuidString)", directoryHint: .isDirectory)
    private var path: String { directory.appending(path: "tokens.json.lock").path }

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

    private func withDirectory<Result>(_ body: () async throws -> Result) async throws -> Result {
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body()
    }

    @Test func `is awaited with growing pauses up to the limit`() async throws {
        try await withDirectory {
            let clock = SleepingClock()
            let holder = try await TokenFileLock.acquire(path: path, within: .zero)
            await #expect(throws: ClientError(.unavailable, "")) {
                try await TokenFileLock.acquire(
                    path: path, within: .seconds(1), now: { clock.instant }, sleep: clock.wait)
            }
            #expect(Array(clock.waits.prefix(6)) == [5, 10, 20, 40, 80, 100].map { .milliseconds($0) })
            #expect((.seconds(1) ... .milliseconds(1100)).contains(clock.waits.reduce(.zero, +)))
            withExtendedLifetime(holder) {}
        }
    }

    @Test func `is held by one caller even if its file was removed while others waited`() async throws {
        try await withDirectory {
            var first: FileLock? = try await TokenFileLock.acquire(path: path, within: .zero)
            let gate = Gate()
            let waiting = Task { [path] in
                try await TokenFileLock.acquire(path: path, within: .seconds(60), sleep: { _ in await gate.pass() })
            }
            try await wait { gate.count == 0 }
            try FileManager.default.removeItem(atPath: path)
            withExtendedLifetime(first) {}
            first = nil
            gate.open()
            let second = try await waiting.value
            await #expect(throws: ClientError(.unavailable, "")) {
                try await TokenFileLock.acquire(path: path, within: .zero)
            }
            withExtendedLifetime(second) {}
        }
    }

    @Test func `is released by its holder even if a child process has the file open`()
        async throws
    {
        try await withDirectory {
            var lock: FileLock? = try await TokenFileLock.acquire(path: path, within: .zero)
            // `dup` simulates a child process that inherits a copy of the lock file's descriptor.
            let copies = try #require(descriptors(of: path).first.map { dup($0) })
            defer { close(copies) }
            withExtendedLifetime(lock) {}
            lock = nil
            _ = try await TokenFileLock.acquire(path: path, within: .zero)
        }
    }

    @Test func `reports a file that cannot be created`() async throws {
        try await withDirectory {
            _ = await #expect(throws: ClientError(.storageFailed, "")) {
                try await TokenFileLock.acquire(path: directory.path + "/missing/lock", within: .zero)
            }
        }
    }

    /// Returns all descriptors of this process that refer to the file at `path`.
    private func descriptors(of path: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap(Int32.init).filter { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
        }
    }
}
