import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

@Suite("A keyring survives a power failure", .timeLimit(.minutes(10)))
struct KeyringPowerFailureTests {
    private static let now = KeyringLifeTests.start

    private static let outcomes: [DiskLog.Unsynchronized] =
        [.lost, .kept] + (1...3).map { .mixed(seed: $0 &* 0x9E37_79B9_7F4A_7C15) }

    @Test func `every acknowledged change is found after a power failure at any time`() throws {
        let directory = TemporaryDirectory()
        let log = try log(in: directory)
        #expect(log.marks(before: log.entries.count).map { $0.prefix(3) } == ["key", "key", "sec", "rev"])
        for end in 0...log.entries.count {
            for outcome in Self.outcomes {
                let fault = try fault(in: log, after: end, outcome)
                #expect(fault == nil, "after \(end) entries, unsynchronized changes \(outcome)")
            }
        }
    }

    @Test func `a creation that was killed at any time does not endanger the keyring of the next start`() throws {
        let whole = TemporaryDirectory()
        let entries = try log(in: whole).entries
        let created = try #require(entries.firstIndex { if case .mark = $0 { true } else { false } })
        for killAfter in 1...created {
            let directory = TemporaryDirectory()
            _ = try log(in: directory, killAfter: killAfter)
            let log = try log(in: directory)
            // A mark is a message of the process in the disk log. The first mark says that the process has opened the
            // keyring.
            let open = try #require(log.entries.firstIndex { if case .mark = $0 { true } else { false } })
            for end in [open + 1, log.entries.count] {
                let fault = try fault(in: log, after: end, .lost)
                #expect(fault == nil, "the first process was killed after \(killAfter) entries, failure after \(end)")
            }
        }
    }

    /// The kinds of files and directories that `keyring-process` synchronizes to disk.
    enum Kind: CaseIterable {
        case keyFile, secretFile, document, keyDirectory, parentDirectory, rootDirectory

        /// Finds the kind of the file or directory that `entry` creates. An entry that names the root directory has the
        /// kind `rootDirectory`. Sets `inode` to the inode number. Returns `nil` for any other entry.
        init?(_ entry: DiskLog.Entry, inode: inout UInt64) {
            switch entry {
            case .root(let number): (self, inode) = (.rootDirectory, number)
            case .create(let number, true, "a", _): (self, inode) = (.parentDirectory, number)
            case .create(let number, true, "keys", _): (self, inode) = (.keyDirectory, number)
            case .create(let number, false, "keyring.json.new", _): (self, inode) = (.document, number)
            case .create(let number, false, let name, _) where name.hasSuffix(".pem.new"):
                (self, inode) = (.keyFile, number)
            case .create(let number, false, let name, _) where name.hasSuffix(".secret.new"):
                (self, inode) = (.secretFile, number)
            default: return nil
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `an acknowledged change is lost if the disk ignores the requests to synchronize one kind of file`(
        kind: Kind
    ) throws {
        let directory = TemporaryDirectory()
        var log = try log(in: directory)
        // Maps each inode number to the kind of the latest file with this number. The file system may give the number
        // of a removed file to a new file of another kind.
        var kinds: [UInt64: Kind] = [:]
        let count = log.entries.count
        log.entries.removeAll { entry in
            var inode: UInt64 = 0
            if let kind = Kind(entry, inode: &inode) { kinds[inode] = kind }
            return if case .synchronize(let inode) = entry { kinds[inode] == kind } else { false }
        }
        try #require(log.entries.count < count, "no file of this kind was synchronized")
        let faults = try (0...log.entries.count).compactMap { try fault(in: log, after: $0, .lost) }
        #expect(!faults.isEmpty)
    }

    /// Runs the test program `keyring-process`, which changes the keyring in `directory` and logs its file operations.
    /// Returns the log of all runs in `directory`, including this one.
    /// - Parameter killAfter: the number of log entries after which the process is killed; 0 for never.
    private func log(in directory: TemporaryDirectory, killAfter: Int = 0) throws -> DiskLog {
        let root = directory.path("root")
        try directory.makeDirectory("root")
        let end = try KeyringChild.run("log", root, at: Self.now.seconds, .none, "\(killAfter)")
        #expect(killAfter > 0 || end.outcome == "done")
        return try DiskLog(path: "\(root).log")
    }

    /// Opens the keyring from the files that remain if the power fails after the first `end` log entries.
    /// - Parameter outcome: which changes without a later `fsync` survive the power failure: none, all or random ones.
    /// - Returns: what is wrong with the keyring; `nil` if it opens and contains every acknowledged change.
    private func fault(in log: DiskLog, after end: Int, _ outcome: DiskLog.Unsynchronized) throws -> String? {
        let marks = log.marks(before: end).map { $0.split(separator: " ").map(String.init) }
        let directory = TemporaryDirectory()
        try log.restore(after: end, outcome, to: directory.path)
        let path = "\(directory.path)/a/keys"
        let keyring: Keyring
        do throws(KeyringError) {
            // `keyring-process` writes its first mark to the log when the keyring exists. Before that mark the keyring
            // may be missing, so `open` may create it. After that mark the keyring must exist.
            keyring =
                marks.isEmpty
                ? try Keyring.open(directory: path, now: Self.now)
                : try Keyring.openExisting(directory: path, now: Self.now)
        } catch {
            return error.description
        }
        let document = keyring.snapshot.document
        if keyring.signingKey(at: Self.now) == nil { return "no key signs" }
        for mark in marks {
            let keyID = mark.last ?? ""
            switch mark.first {
            case "key" where !document.knows(keyID): return "key \(keyID) is lost"
            case "revoked" where document.contains(keyID): return "the revocation of \(keyID) is lost"
            case "secret" where keyring.refreshSecrets(at: Self.now)[2] == nil: return "secret 2 is lost"
            default: break
            }
        }
        return nil
    }
}
