import Foundation
import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("A store survives SIGKILL", .serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    private static let callers = 8

    @Test func `Every acknowledged write is found after 60 kills, and no transaction is found in part`() throws {
        let directory = TemporaryDirectory()
        var acknowledged = [UInt32](repeating: 0, count: Self.callers)
        var verified = acknowledged
        for _ in 0..<60 {
            let child = try StoreChildProcess("write", directory.path, Self.callers)
            #expect(child.waits(for: "open"))
            // Kill the child process after a random number of its output lines. The child process writes to the store
            // without a pause, so this is a random point of a commit.
            var lines = Int.random(in: 1...400)
            while lines > 0, let line = child.line() {
                note(line, in: &acknowledged)
                lines -= 1
            }
            child.kill()
            for line in child.rest() { note(line, in: &acknowledged) }
            #expect(child.status() == nil)

            let store = try LMDBStore.open(path: directory.path)
            defer { store.close() }
            try store.read { reader throws in
                for caller in 0..<Self.callers {
                    guard let family = try reader.family(id: FamilyID(high: UInt64(caller), low: 0)) else {
                        #expect(acknowledged[caller] == 0, "lost the family of caller \(caller)")
                        continue
                    }
                    #expect(family.generation >= acknowledged[caller], "lost a rotation of caller \(caller)")
                    for number in verified[caller]..<family.generation {
                        let user = try reader.user(email: "\(caller)-\(number + 1)@example.com")
                        #expect(user != nil, "lost an account of caller \(caller)")
                    }
                    let next = try reader.user(email: "\(caller)-\(family.generation + 1)@example.com")
                    #expect(next == nil, "half a transaction of caller \(caller)")
                    verified[caller] = family.generation
                }
            }
        }
        #expect(verified.allSatisfy { $0 > 0 })
    }

    @Test func `A store whose creation was killed opens as an empty store`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<40 {
            let directory = TemporaryDirectory()
            let path = "\(directory.path)/data"
            let child = try StoreChildProcess("write", path, 1)
            #expect(child.waits(for: "opening"))
            // Kill the child process at a random time within 2.5 ms. Creating the store takes about 2 ms, so the kill
            // comes before, during or just after the creation.
            let instant = ContinuousClock.now + .microseconds(Int.random(in: 0..<2_500, using: &random))
            while ContinuousClock.now < instant {}
            child.kill()
            child.status()
            let store = try LMDBStore.open(path: path)
            _ = try store.read { try $0.users(after: nil, limit: 1) }
            store.close()
            let files = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(Set(files) == ["data.mdb", "lock.mdb"])
        }
    }

    private func note(_ line: String, in acknowledged: inout [UInt32]) {
        let parts = line.split(separator: " ")
        guard parts.count == 2, let caller = Int(parts[0]), acknowledged.indices.contains(caller),
            let number = UInt32(parts[1])
        else { return }
        acknowledged[caller] = max(acknowledged[caller], number)
    }
}
