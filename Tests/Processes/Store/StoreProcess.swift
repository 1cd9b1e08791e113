import CDiskFaults
import Glibc
import SignetStore
import SignetStoreLMDB

/// A child process for tests of the store. The tests kill this process or make its disk fail.
///
/// Usage: `store-process COMMAND DIRECTORY [NUMBER…]`. The process runs COMMAND on the store in DIRECTORY, and prints
/// each result at once on its own line.
@main
enum StoreProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let numbers = arguments.dropFirst(3).compactMap { Int($0) }
        if arguments[1] == "log" { return try await log(in: arguments[2], count: numbers[0], killAfter: numbers[1]) }
        report("opening")
        var options = LMDBStore.Options()
        // The LMDB map starts small, so that every run of this process has to grow the map several times.
        options.initialMapSize = 64 << 10
        let store = try LMDBStore.open(path: arguments[2], options: options)
        report("open")
        switch arguments[1] {
        case "write": try await write(to: store, callers: numbers[0])
        case "insert": try await insert(numbers[0], into: store)
        case "hold":
            try store.read { _ in
                report("holding")
                while true { pause() }
            }
        case "fill": try await fill(store, fileLimit: numbers[0])
        case "fault": try await fault(numbers[0], code: CInt(numbers[1]), in: store)
        default: fatalError("unknown command \(arguments[1])")
        }
        store.close()
        report("closed")
    }

    /// Prints a line with one system call, so that SIGKILL cannot cut a line.
    static func report(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }

    /// Runs `callers` tasks that write until the process is killed. Each task has its own session. Each write is one
    /// transaction that increments the session's rotation counter and adds an account. After each write that the store
    /// has acknowledged, prints the number of the task and the new value of the counter: `CALLER NUMBER`.
    private static func write(to store: LMDBStore, callers: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    while true {
                        let number = try await store.write { try step(of: caller, with: $0) }
                        report("\(caller) \(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Creates a store in `DIRECTORY/a/b` and writes `count` users one after the other. Then opens the store again and
    /// writes one more user. Skips the users that an earlier, killed process wrote. Logs the file-changing calls in
    /// `DIRECTORY.log`, and adds a mark with the user's number after each acknowledged write.
    /// - Parameter killAfter: the number of log entries after which the process is killed; 0 for never.
    private static func log(in directory: String, count: Int, killAfter: Int) async throws {
        var options = LMDBStore.Options()
        options.initialMapSize = 64 << 10
        unsafe disk_log_start("\(directory).log", directory, CInt(killAfter))
        var store = try LMDBStore.open(path: "\(directory)/a/b", options: options)
        for number in 1...count + 1 {
            if number == count + 1 {
                store.close()
                store = try LMDBStore.open(path: "\(directory)/a/b", options: options)
            }
            try await store.write { writer in
                let email = "\(number)@example.com"
                if try writer.user(email: email) == nil { try writer.insert(user(email)) }
            }
            unsafe disk_log_mark("\(number)")
        }
        store.close()
    }

    private static func step(of caller: Int, with writer: any StoreWriter) throws -> UInt32 {
        let id = FamilyID(high: UInt64(caller), low: 0)
        guard var family = try writer.family(id: id) else {
            try writer.insert(record(id))
            return 0
        }
        family.generation += 1
        try writer.update(family)
        try writer.insert(user("\(caller)-\(family.generation)@example.com"))
        return family.generation
    }

    /// Inserts `count` users. Each of four concurrent tasks inserts a quarter of them.
    private static func insert(_ count: Int, into store: LMDBStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<count / 4 { try await store.write { try $0.insert(user()) } } }
            }
            try await group.waitForAll()
        }
    }

    /// Inserts users until an insertion fails, and prints `stored COUNT` and the error code. Then, for every line of
    /// input, inserts one more user and prints `ok` or the error code. If the line is `unlimited`, removes the file
    /// size limit before the insertion.
    /// - Parameter fileLimit: the file size limit of the process in bytes; 0 for no limit.
    private static func fill(_ store: LMDBStore, fileLimit: Int) async throws {
        signal(SIGXFSZ, SIG_IGN)
        if fileLimit > 0 { limitFiles(to: rlim_t(fileLimit)) }
        var stored = 0
        while true {
            let outcome = await outcome { try await store.write { try $0.insert(user()) } }
            guard outcome == "ok" else {
                report("stored \(stored)")
                report(outcome)
                break
            }
            stored += 1
        }
        while let line = readLine() {
            if line == "unlimited" { limitFiles(to: .max) }
            report(await outcome { try await store.write { try $0.insert(user()) } })
        }
    }

    /// Makes the disk fail with the fault `fault` and the errno value `code` while eight tasks write. Then lets the
    /// disk work again and writes once more. Prints the result of each write.
    private static func fault(_ fault: Int, code: CInt, in store: LMDBStore) async throws {
        try await store.write { try $0.insert(user()) }
        disk_faults_arm(disk_fault(rawValue: UInt32(fault)), code, .max)
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await outcome {
                        try await store.write { writer in
                            // These 40 users do not fit into the LMDB map of 64 KiB with which the store starts, so the
                            // map must grow.
                            for _ in 0..<40 { try writer.insert(user()) }
                        }
                    }
                }
            }
            for await outcome in group { report("during \(outcome)") }
        }
        disk_faults_arm(DISK_FAULT_NONE, 0, 0)
        report("after \(await outcome { try await store.write { try $0.insert(user()) } })")
        report("users \(try store.read { try $0.users(after: nil, limit: .max) }.count)")
    }

    private static func outcome(_ write: () async throws -> Void) async -> String {
        do {
            try await write()
            return "ok"
        } catch {
            return (error as? StoreError)?.code.rawValue ?? "\(error)"
        }
    }

    private static func limitFiles(to bytes: rlim_t) {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = min(bytes, limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    }

    private static func user(_ email: String? = nil) -> UserRecord {
        let id = UserID.random()
        let time = Timestamp(seconds: 1)
        return UserRecord(
            id: id, email: email ?? "\(id)@example.com", name: "Ada",
            passwordHash: String(repeating: "h", count: 1_000), createdAt: time, updatedAt: time)
    }

    private static func record(_ id: FamilyID) -> FamilyRecord {
        let time = Timestamp(seconds: 1)
        return FamilyRecord(
            id: id, userID: .random(), clientID: nil, scope: "", salt: Array(1...16), authenticatedAt: time,
            createdAt: time, expiresAt: time, generation: 0, secretID: 1, parent: nil, rotatedAt: time,
            idleExpiresAt: time, device: "", createdAddress: "", lastUsedAddress: "")
    }
}
