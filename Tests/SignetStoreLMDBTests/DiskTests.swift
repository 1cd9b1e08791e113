import Foundation
import Glibc
import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("A store on a failing disk", .timeLimit(.minutes(5)))
struct DiskTests {
    /// A disk fault to inject, and the error that callers of the store get.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The fault as a number: a case of `disk_fault` in `CDiskFaults.h`.
        let kind: Int
        /// The `errno` value that the failing system call sets.
        let code: CInt
        let expected: StoreError.Code
    }

    private static let faults = [
        Fault(testDescription: "no space for pages", kind: 1, code: ENOSPC, expected: .full),
        Fault(testDescription: "quota reached", kind: 1, code: EDQUOT, expected: .full),
        Fault(testDescription: "pages cannot be written", kind: 1, code: EIO, expected: .failure),
        Fault(testDescription: "pages written half", kind: 2, code: 0, expected: .failure),
        Fault(testDescription: "pages cannot be forced to disk", kind: 3, code: EIO, expected: .failure),
        Fault(testDescription: "no space when forced to disk", kind: 3, code: ENOSPC, expected: .full),
        Fault(testDescription: "meta page fails", kind: 4, code: EIO, expected: .outcomeUnknown),
        Fault(testDescription: "map cannot grow", kind: 5, code: ENOMEM, expected: .failure),
    ]

    @Test(arguments: faults)
    func `A failed commit is not acknowledged, and the next one succeeds when the disk works again`(fault: Fault) throws
    {
        let directory = TemporaryDirectory()
        let child = try StoreChildProcess("fault", directory.path, fault.kind, Int(fault.code))
        let lines = child.rest()
        #expect(child.status() == 0)
        let during = lines.filter { $0.hasPrefix("during ") }
        #expect(during == [String](repeating: "during \(fault.expected.rawValue)", count: 8))
        #expect(lines.contains("after ok"))
        // The child process wrote one user before the disk fault and one after it. The eight writes during the fault,
        // of 40 users each, must have stored no user.
        #expect(lines.contains("users 2"))
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        #expect(try store.read { try $0.users(after: nil, limit: 10) }.count == 2)
    }

    @Test
    func `At the file size limit the store is full and keeps its data, and it accepts writes when the limit is lifted`()
        throws
    {
        let directory = TemporaryDirectory()
        let child = try StoreChildProcess("fill", directory.path, 3_000_000)
        try expectToFill(child, in: directory.path) { "unlimited" }
    }

    @Test(.enabled(if: TemporaryVolume.isPossible, "needs the right to mount a file system"))
    func `On a full file system the store is full and keeps its data, and it accepts writes when there is space again`()
        throws
    {
        let volume = try TemporaryVolume(byteCount: 4 << 20)
        let ballast = "\(volume.path)/ballast"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
        let child = try StoreChildProcess("fill", "\(volume.path)/data", 0)
        try expectToFill(child, in: "\(volume.path)/data") {
            try FileManager.default.removeItem(atPath: ballast)
            return "again"
        }
    }

    @Test func `Disk blocks are reserved for the whole lock file`() throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        var status = stat()
        #expect(unsafe stat("\(directory.path)/lock.mdb", &status) == 0)
        #expect(status.st_size > 32_000)
        #expect(Int(status.st_blocks) * 512 >= Int(status.st_size))
    }

    @Test(.enabled(if: TemporaryVolume.isPossible, "needs the right to mount a file system"))
    func `Opening needs space for a missing lock file, and succeeds when there is space again`() throws {
        let volume = try TemporaryVolume(byteCount: 4 << 20)
        let path = "\(volume.path)/data"
        try LMDBStore.open(path: path).close()
        try FileManager.default.removeItem(atPath: "\(path)/lock.mdb")
        let ballast = "\(volume.path)/ballast"
        #expect(throws: (any Error).self) { try Data(count: 8 << 20).write(to: URL(fileURLWithPath: ballast)) }
        #expect(throws: StoreError(.full, "")) { try LMDBStore.open(path: path) }
        try FileManager.default.removeItem(atPath: ballast)
        try LMDBStore.open(path: path).close()
    }

    /// Waits until the child process has filled the store. Then calls `makeRoom`, and checks that the store accepts
    /// writes again.
    /// - Parameter makeRoom: makes room on the disk, and returns the line to send to the child process.
    private func expectToFill(_ child: StoreChildProcess, in path: String, makeRoom: () throws -> String) throws {
        #expect(child.waits(for: "open"))
        let stored = try #require(child.line().flatMap { Int($0.dropFirst("stored ".count)) })
        #expect(stored > 100)
        #expect(child.line() == "full")
        // The store has reported that it is full, but its data file may have free pages. So a few more writes may
        // succeed.
        var more = 0
        repeat {
            more += 1
            try child.say("again")
        } while child.line() == "ok" && more < 1_000
        try child.say(try makeRoom())
        #expect(child.line() == "ok")
        try child.endInput()
        #expect(child.waits(for: "closed"))
        #expect(child.status() == 0)
        let store = try LMDBStore.open(path: path)
        defer { store.close() }
        #expect(try store.read { try $0.users(after: nil, limit: .max) }.count == stored + more)
    }
}
