import Foundation
import Glibc
import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("A store on a failing disk")
struct DiskTests {
    /// A failure to inject (the numbers of `CDiskFaults.h`), and what callers are told.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: Int
        let code: CInt
        let told: StoreError.Code
    }

    private static let faults = [
        Fault(testDescription: "no space for pages", kind: 1, code: ENOSPC, told: .full),
        Fault(testDescription: "quota reached", kind: 1, code: EDQUOT, told: .full),
        Fault(testDescription: "pages cannot be written", kind: 1, code: EIO, told: .failure),
        Fault(testDescription: "pages written half", kind: 2, code: 0, told: .failure),
        Fault(testDescription: "pages cannot be forced to disk", kind: 3, code: EIO, told: .failure),
        Fault(testDescription: "no space when forced to disk", kind: 3, code: ENOSPC, told: .full),
        Fault(testDescription: "meta page fails", kind: 4, code: EIO, told: .outcomeUnknown),
        Fault(testDescription: "map cannot grow", kind: 5, code: ENOMEM, told: .failure),
    ]

    @Test(arguments: faults)
    func `A failed commit is acknowledged to nobody, and the store goes on when the disk does`(fault: Fault) throws {
        let directory = TemporaryDirectory()
        let child = try StoreChildProcess("fault", directory.path, fault.kind, Int(fault.code))
        let lines = child.rest()
        #expect(child.status() == 0)
        let during = lines.filter { $0.hasPrefix("during ") }
        #expect(during == [String](repeating: "during \(fault.told.rawValue)", count: 8))
        #expect(lines.contains("after ok"))
        // The one before, the one after, and of the eight that failed nothing.
        #expect(lines.contains("users 2"))
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        #expect(try store.read { try $0.users(after: nil, limit: 10) }.count == 2)
    }

    @Test func `A file that may not grow is full, loses nothing, and goes on when it may`() throws {
        let directory = TemporaryDirectory()
        let child = try StoreChildProcess("fill", directory.path, 3_000_000)
        try expectToFill(child, in: directory.path) { "unlimited" }
    }

    @Test(.enabled(if: TemporaryVolume.isPossible, "needs the right to mount a file system"))
    func `A full file system is full, loses nothing, and goes on when there is space again`() throws {
        let volume = try TemporaryVolume(byteCount: 4 << 20)
        let ballast = "\(volume.path)/ballast"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
        let child = try StoreChildProcess("fill", "\(volume.path)/data", 0)
        try expectToFill(child, in: "\(volume.path)/data") {
            try FileManager.default.removeItem(atPath: ballast)
            return "again"
        }
    }

    @Test func `The lock file has all of its blocks before it is mapped`() throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        var status = stat()
        #expect(unsafe stat("\(directory.path)/lock.mdb", &status) == 0)
        #expect(status.st_size > 32_000)
        #expect(Int(status.st_blocks) * 512 >= Int(status.st_size))
    }

    @Test(.enabled(if: TemporaryVolume.isPossible, "needs the right to mount a file system"))
    func `A store without its lock file on a full disk is full, and opens when there is space again`() throws {
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

    /// - Parameter makeRoom: returns the line to say to the child afterwards.
    private func expectToFill(_ child: StoreChildProcess, in path: String, makeRoom: () throws -> String) throws {
        #expect(child.waits(for: "open"))
        let stored = try #require(child.line().flatMap { Int($0.dropFirst("stored ".count)) })
        #expect(stored > 100)
        #expect(child.line() == "full")
        // Some pages may be free inside the file: a few more writes may fit.
        var more = 0
        repeat {
            more += 1
            try child.say("again")
        } while child.line() == "ok"
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
